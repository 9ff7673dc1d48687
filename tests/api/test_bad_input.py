"""Every bad input has its status and its code, and leaves nothing behind."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from io import BytesIO
from struct import pack

import numpy as np
import pytest
from django.core.files.storage import default_storage
from PIL import Image

from recognition.core.errors import CategoryNotFound, GalleryNotFound
from recognition.models import Category, Gallery, Job, Query, Reference
from recognition.services.categories.create_category import create_category
from recognition.services.categories.update_category import update_category
from recognition.services.galleries.update_gallery import update_gallery
from recognition.services.webhooks.create_webhook import create_webhook
from tests.photos import another_view, photo, upload

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/pets/"


def png_bomb(side: int = 20_000) -> bytes:
    """A valid PNG of side x side black pixels, made a row at a time."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(1)
    row = bytes(side // 8 + 1)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


REFUSED = {
    "empty": (b"", 400, "image_empty"),
    "text named .jpg": (b"this is not a photo", 415, "image_unsupported"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', 415, "image_unsupported"),
    "truncated jpeg": (another_view("chelsea.png")[:4000], 400, "image_damaged"),
    "png bomb": (png_bomb(), 413, "image_too_many_pixels"),
    "too many bytes": (bytes(15_000_001), 413, "image_too_large"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("call", ["references", "identify"])
def test_a_bad_image_is_refused_and_leaves_nothing(name, call, gallery, as_alice):
    data, status, code = REFUSED[name]
    given = {"image": upload(data), "category": "new", "create": "true"}
    answer = as_alice.post(f"{URL}{call}/", given, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert not Reference.objects.exists()
    assert not Category.objects.exists()
    assert not Query.objects.exists()
    assert not default_storage.exists("galleries")


@pytest.mark.parametrize("name", [name for name in REFUSED if name != "too many bytes"])
def test_a_bad_raw_body_is_refused_alike(name, gallery, as_alice):
    data, status, code = REFUSED[name]
    answer = as_alice.post(f"{URL}identify/", data, content_type="image/jpeg")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("image", ["###", "a", 7, ["x"], None])
def test_an_image_that_is_not_base64_is_refused(image, gallery, as_alice):
    answer = as_alice.post(f"{URL}identify/", {"image": image})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def cat() -> Image.Image:
    return Image.open(BytesIO(photo("chelsea.png"))).convert("RGB")


def animated_gif() -> bytes:
    blank = Image.new("RGB", cat().size, "white")
    return encoded(cat(), "GIF", save_all=True, append_images=[blank, blank])


def sixteen_bit_png() -> bytes:
    grey = np.asarray(cat().convert("L"), dtype=np.uint16) * 257
    return encoded(Image.fromarray(grey), "PNG")


DECODED = {
    "animated gif": animated_gif,
    "16-bit png": sixteen_bit_png,
    "cmyk jpeg": lambda: encoded(cat().convert("CMYK"), "JPEG"),
}


@pytest.mark.parametrize("name", DECODED)
def test_an_unusual_image_is_decoded_rightly(name, gallery, as_alice):
    for category, file in [("cat", "chelsea.png"), ("coffee", "coffee.png")]:
        given = {"category": category, "image": upload(photo(file)), "create": "true"}
        assert as_alice.post(f"{URL}references/", given, format="multipart").status_code == 201
    answer = as_alice.post(
        f"{URL}identify/", {"image": upload(DECODED[name]())}, format="multipart"
    ).json()
    assert answer["candidates"][0]["category"] == "cat"
    assert answer["candidates"][0]["similarity"] > 0.7


def test_an_image_must_be_given(gallery, as_alice):
    answer = as_alice.post(f"{URL}identify/", {}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert answer.json()["errors"][0]["field"] == "image"


def test_an_unknown_gallery_is_not_found(as_alice):
    answer = as_alice.post("/api/v1/galleries/nope/identify/", {"image": "aGVsbG8="})
    assert (answer.status_code, answer.json()["code"]) == (404, "gallery_not_found")


def test_a_missing_category_is_not_found(gallery, as_alice):
    given = {"image": b64encode(photo("coffee.png")).decode(), "category": "nope"}
    answer = as_alice.post(f"{URL}references/", given)
    assert (answer.status_code, answer.json()["code"]) == (404, "category_not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("patch", ""),
        ("delete", ""),
        ("get", "categories/"),
        ("post", "categories/"),
        ("get", "references/"),
        ("post", "references/"),
        ("post", "identify/"),
    ],
)
def test_somebody_elses_gallery_looks_as_if_it_were_not_there(method, path, gallery, as_charlie):
    answer = getattr(as_charlie, method)(f"{URL}{path}", {})
    assert (answer.status_code, answer.json()["code"]) == (404, "gallery_not_found")


def test_json_that_is_not_json_is_refused(gallery, as_alice):
    answer = as_alice.post(f"{URL}categories/", "{", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


@pytest.mark.parametrize(
    ("call", "field", "value"),
    [
        ("evaluations", "alone", "yes"),
        ("evaluations", "alone", 1),
        ("evaluations", "alone", "true"),
        ("evaluations", "far", "0.1"),
        ("evaluations", "far", True),
        ("evaluations", "seed", "7"),
        ("evaluations", "seed", 1.5),
        ("evaluations", "seed", True),
        ("evaluations", "shots", [1]),
        ("evaluations", "episodes", "20"),
        ("evaluations", "archive", "UEsDBA=="),
        ("encoder-changes", "encoder", 7),
        ("encoder-changes", "encoder", True),
        ("encoder-changes", "encoder", ["bundled"]),
        ("encoder-changes", "encoder", " "),
        ("encoder-changes", "encoder", None),
    ],
)
def test_json_of_another_type_is_not_taken_for_it(call, field, value, gallery, as_alice):
    answer = as_alice.post(f"{URL}{call}/", {field: value})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Job.objects.exists()


def test_a_form_has_numbers_and_flags_as_text(gallery, as_alice):
    given = {"alone": "false", "far": "0.1", "seed": "7", "shots": "2", "episodes": "3"}
    answer = as_alice.post(f"{URL}evaluations/", given, format="multipart").json()
    assert (answer["target_far"], answer["seed"]) == (0.1, 7)


def test_an_unknown_content_type_is_refused(gallery, as_alice):
    answer = as_alice.post(f"{URL}categories/", "a,b", content_type="text/csv")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_an_address_that_does_not_exist_is_a_problem_too(as_alice):
    answer = as_alice.get("/api/v1/nothing/here/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer["Content-Type"] == "application/problem+json"


def test_more_fields_than_anyone_needs_are_refused(gallery, as_alice):
    given = {f"field{number}": "x" for number in range(1100)}
    answer = as_alice.post(f"{URL}identify/", given, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed")


def test_a_plain_form_with_more_fields_than_anyone_needs_is_refused(gallery, as_alice):
    body = "&".join(f"field{number}=x" for number in range(1100))
    answer = as_alice.post(f"{URL}search/", body, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed")


def test_what_is_deleted_while_it_is_changed_is_not_found(gallery):
    gone = Category(pk=10**6, slug="cat", name="Cat")
    with pytest.raises(CategoryNotFound):
        update_category(gallery=gallery, category=gone, name="Cats")
    with pytest.raises(GalleryNotFound):
        update_gallery(gallery=Gallery(pk=10**6, slug="gone"), name="Animals")


@pytest.mark.parametrize(
    ("address", "field", "value"),
    [
        ("", "slug", "dogs"),
        ("", "encoder", "other"),
        ("", "nmae", "Dogs"),
        ("categories/cat/", "slug", "dog"),
        ("categories/cat/", "references", 5),
        ("categories/cat/", "nmae", "Dog"),
        ("webhooks/{webhook}/", "secret", "mine"),
        ("webhooks/{webhook}/", "id", "w_9"),
    ],
)
def test_a_change_of_what_cannot_be_changed_says_so(gallery, as_alice, address, field, value):
    create_category(gallery=gallery, name="Cat")
    hook = create_webhook(gallery=gallery, url="https://example.com/hook", events=["match"])
    url = f"/api/v1/galleries/pets/{address.format(webhook=hook.public_id)}"
    before = as_alice.get(url).json()
    answer = as_alice.patch(url, {field: value}, format="json")
    assert answer.status_code == 400
    assert field in json.dumps(answer.json())
    assert as_alice.get(url).json() == before


def test_what_was_read_may_be_sent_back_with_one_change(gallery, as_alice):
    create_category(gallery=gallery, name="Cat", prompts=["a cat"])
    url = "/api/v1/galleries/pets/categories/cat/"
    whole = as_alice.get(url).json()
    assert as_alice.patch(url, {**whole, "name": "Kitten"}, format="json").status_code == 200
    assert as_alice.get(url).json() == {**whole, "name": "Kitten"}
