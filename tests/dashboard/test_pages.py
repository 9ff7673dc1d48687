"""The pages, as a browser without JavaScript meets them."""

from __future__ import annotations

import gzip
import io
import zipfile
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from recognition.models import Category, Gallery, Query, Reference
from recognition.services.categories.create_category import create_category
from tests.dashboard.page_text import text
from tests.photos import another_view, photo, upload

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def test_whoever_has_not_signed_in_is_asked_to(client, gallery):
    for url in ("/", "/g/pets/", "/g/pets/identify/"):
        assert client.get(url).url == f"/login/?next={url}"
    assert "Sign in" in text(client.get("/login/"))


def test_a_part_of_a_page_leads_who_was_signed_out_to_the_form(client, gallery):
    headers = {**HTMX, "HX-Current-URL": "http://testserver/g/pets/search/?text=cat"}
    answer = client.get("/g/pets/search/?text=dog", headers=headers)
    assert answer["HX-Redirect"] == "/login/?next=/g/pets/search/"


def test_a_form_that_is_too_old_says_what_to_do(gallery, alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    refused = client.post("/g/pets/add/", {"name": "Cat"})
    assert refused.status_code == 403
    assert "reload the page" in text(refused)


def test_a_failure_of_the_service_is_told_kindly(gallery, alice, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    monkeypatch.setattr("recognition.dashboard.galleries.gallery_cards", lambda user: 1 // 0)
    failed = client.get("/")
    assert failed.status_code == 500
    assert "This is not your fault" in text(failed)


def test_signing_in_and_out(client, alice):
    wrong = client.post("/login/", {"login": "alice", "password": "wrong"})
    assert "Wrong user name or password" in text(wrong)
    right = client.post("/login/", {"login": "alice", "password": "correct horse"})
    assert right.url == "/"
    assert client.post("/logout/").url == "/login/"


def test_passwords_are_not_guessed(client, alice):
    for turn in range(10):
        client.post("/login/", {"login": ("alice", "Alice")[turn % 2], "password": "wrong"})
    refused = client.post("/login/", {"login": "alice", "password": "correct horse"})
    assert refused.status_code == 200
    assert "_auth_user_id" not in client.session
    assert "Too many attempts" in text(refused)
    call_command("unlock", "alice", stdout=StringIO())
    client.post("/login/", {"login": "alice", "password": "correct horse"})
    assert "_auth_user_id" in client.session


def test_nothing_large_is_taken_from_whoever_it_is(settings):
    settings.RECOGNITION = {**settings.RECOGNITION, "max_image_bytes": 1000}
    large = SimpleUploadedFile("large", b"x" * 17_000)
    checking = Client(enforce_csrf_checks=True)
    checking.cookies["csrftoken"] = "a" * 32
    assert checking.post("/login/", {"file": large}).status_code == 400


def test_an_empty_installation_says_how_to_start(alices, models_dir):
    assert "Add one photo of each thing" in text(alices.get("/"))
    made = alices.post("/", {"name": "Garden birds"}, follow=True)
    assert "Nothing to recognise yet" in text(made)
    assert Gallery.objects.get().slug == "garden-birds"


def test_one_photo_makes_a_category_and_the_next_is_recognised(gallery, alices):
    given = {"name": "Cat", "image": upload(photo("chelsea.png"))}
    made = alices.post("/g/pets/add/", given, follow=True)
    assert "The photo of Cat was added." in text(made)
    assert "Reference of Cat" in text(made)
    given = {"image": upload(another_view("chelsea.png"))}
    answer = text(alices.post("/g/pets/identify/", given))
    assert "Reference: Cat" in answer
    assert Reference.objects.get().public_id in answer


def test_a_description_makes_a_category(gallery, alices):
    given = {"name": "Tripod", "description": "a camera on a tripod"}
    assert "from its description" in text(alices.post("/g/pets/add/", given, follow=True))
    assert "zero-shot" in text(alices.get("/g/pets/"))
    answer = alices.post("/g/pets/identify/", {"image": upload(photo("camera.png"))})
    assert "Description: Tripod" in text(answer)


def test_htmx_gets_the_answer_alone(cat, alices):
    given = {"image": upload(photo("rocket.jpg"))}
    answer = text(alices.post("/g/pets/identify/", given, headers={"HX-Request": "true"}))
    assert "Not in this gallery" in answer
    assert "<html" not in answer


def test_a_category_is_curated_on_its_page(cat, alices):
    url = "/g/pets/c/cat/"
    again = alices.post(f"{url}enrol/", {"image": upload(photo("chelsea.png"))}, follow=True)
    assert "already a reference" in text(again)
    assert "a tabby" in text(alices.post(f"{url}describe/", {"text": "a tabby"}, follow=True))
    prompt = Category.objects.get().prompts.get()
    alices.post(f"{url}prompts/{prompt.pk}/remove/")
    alices.post(f"/g/pets/references/{cat.public_id}/remove/")
    category = Category.objects.get()
    assert (category.prompts.count(), category.references.count()) == (0, 1)
    assert alices.post(f"{url}remove/").url == "/g/pets/"
    assert not Category.objects.exists()


@pytest.mark.parametrize(
    ("path", "given", "status", "words"),
    [
        ("add/", {"name": "Cat"}, 400, "a photo or a description"),
        ("add/", {"name": "Cat", "image": upload(b"text")}, 415, "image_unsupported"),
        ("add/", {"name": " ", "description": "a cat"}, 400, "needs a name"),
        ("identify/", {}, 400, "Choose an image first."),
        ("identify/", {"image": upload(bytes(15_000_001))}, 413, "choose a smaller one"),
        ("c/nope/enrol/", {"image": upload(photo("coffee.png"))}, 404, "no category"),
    ],
)
def test_a_mistake_is_told_kindly_and_leaves_nothing(path, given, status, words, gallery, alices):
    for file in given.values():
        if hasattr(file, "seek"):
            file.seek(0)
    answer = alices.post(f"/g/pets/{path}", given)
    assert answer.status_code == status
    assert words in text(answer)
    assert not Category.objects.exists()
    assert not Query.objects.exists()


def test_more_categories_than_a_page_holds_follow(gallery, alices):
    for number in range(61):
        create_category(gallery=gallery, name=f"Thing {number:02}")
    first, more = text(alices.get("/g/pets/")), text(alices.get("/g/pets/?page=2", headers=HTMX))
    assert "?page=2" in first
    assert "Thing 59" in first and "Thing 60" not in first
    assert "Thing 60" in more and "Thing 59" not in more
    come_back = text(alices.get("/g/pets/?page=2"))
    assert "Thing 00" in come_back and "Thing 60" in come_back


def test_a_new_category_comes_alone_for_htmx(gallery, alices):
    given = {"name": "Cat", "image": upload(photo("chelsea.png"))}
    part = text(alices.post("/g/pets/add/", given, headers={"HX-Request": "true"}))
    assert '<a href="/g/pets/c/cat/">Cat</a> added.' in part
    given = {"image": upload(another_view("chelsea.png"))}
    part = text(alices.post("/g/pets/c/cat/enrol/", given, headers={"HX-Request": "true"}))
    assert "Reference of Cat" in part
    assert "<html" not in part


def test_categories_are_found_by_name(gallery, alices):
    for name in ("Cat", "Dog"):
        create_category(gallery=gallery, name=name)
    found = text(alices.get("/g/pets/?q=do"))
    assert "Dog" in found
    assert "/g/pets/c/cat/" not in found


def test_every_page_tells_the_encoder_and_its_limits(gallery, alices):
    pages = ("", "identify/", "search/", "verify/", "queries/", "imports/", "settings/")
    for url in ("/", *(f"/g/pets/{page}" for page in pages)):
        page = text(alices.get(url))
        assert gallery.encoder.fingerprint[:12] in page
        assert "people, colours and counts are not understood" in page


def test_a_viewer_looks_and_does_not_touch(cat, victors):
    assert "Add categories" not in text(victors.get("/g/pets/"))
    assert victors.post("/g/pets/settings/", {"name": "Mine"}).status_code == 403
    refused = victors.post("/g/pets/add/", {"name": "Dog", "description": "a dog"})
    assert refused.status_code == 403
    assert "owner or a curator" in text(refused)


def test_a_stranger_sees_no_page_and_no_image(cat, alices, charlies):
    alices.post("/g/pets/identify/", {"image": upload(photo("rocket.jpg"))})
    query = f"/g/pets/queries/{Query.objects.get().public_id}"
    reference = f"/g/pets/references/{cat.public_id}"
    pages = [
        "",
        "c/cat/",
        "identify/",
        "search/",
        "verify/",
        "queries/",
        "settings/",
        "names/",
        "imports/",
    ]
    images = ["image", "preview", "thumbnail"]
    for url in [
        *(f"/g/pets/{page}" for page in pages),
        f"{query}/",
        *(f"{thing}/{image}" for thing in (query, reference) for image in images),
    ]:
        assert alices.get(url).status_code == 200, url
        assert charlies.get(url).status_code == 404, url
    for url in ("add/", "remove/", "c/cat/remove/"):
        assert charlies.post(f"/g/pets/{url}").status_code == 404, url
    for url in ("judge/", "name/"):
        assert charlies.post(f"{query}/{url}").status_code == 404, url


def test_an_image_of_another_gallery_is_not_found(cat, alice, alices):
    alices.post("/", {"name": "Other"})
    assert alices.get(f"/g/other/references/{cat.public_id}/image").status_code == 404


def test_images_are_kept_by_their_reader_alone(cat, alices):
    answer = alices.get(f"/g/pets/references/{cat.public_id}/thumbnail")
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"


def test_pages_have_a_strict_policy(gallery, alices):
    policy = alices.get("/g/pets/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_a_gallery_is_downloaded(cat, alices, victors):
    bundle = alices.get("/g/pets/export/")
    with zipfile.ZipFile(io.BytesIO(b"".join(bundle.streaming_content))) as archive:
        assert archive.testzip() is None
        assert any(cat.public_id in name for name in archive.namelist())
    assert victors.get("/g/pets/export/").status_code == 403


def test_galleries_are_listed_with_what_they_hold(cat, gallery, alices):
    create_category(gallery=gallery, name="Dog")
    alices.post("/", {"name": "Other"})
    page = text(alices.get("/"))
    assert "<span>2 categories</span> <span>1 reference</span>" in page
    assert "<span>0 categories</span> <span>0 references</span>" in page


def test_pages_are_compressed_and_what_programs_are_answered_is_not(gallery, alices):
    page = alices.get("/g/pets/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert b"Pets" in gzip.decompress(page.content)
    answer = alices.get("/api/v1/galleries/pets/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["ETag"].startswith('"')


def test_whoever_has_no_gallery_is_offered_the_domains(charlies, domains):
    shown = text(charlies.get("/"))
    for value in ("general", "faces", "drawings"):
        assert f'name="domain" value="{value}"' in shown
