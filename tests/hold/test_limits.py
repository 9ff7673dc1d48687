"""Limits live in the services: a form, a bundle or a command is no way round the API's."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from recognition.core.errors import InvalidBundle, QuotaExceeded, RecognitionError
from recognition.images import encode_stored
from recognition.models import Category, Gallery, Membership, Query, Role
from recognition.services.bundles.export_gallery import export_gallery
from recognition.services.bundles.import_gallery import import_gallery
from recognition.services.categories.create_category import create_category
from recognition.services.categories.update_category import update_category
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.galleries.update_gallery import update_gallery
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from tests.photos import another_view, photo, upload

pytestmark = pytest.mark.django_db

LONG, NUL, HALF = "x" * 100_000, "a\0b", "a\ud800b"
BIG = {"key": "x" * 30_000}


@pytest.fixture
def browser(alice) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    return client


@pytest.mark.parametrize("text", [LONG, NUL, HALF], ids=["long", "nul", "half"])
def test_no_service_keeps_a_text_that_is_too_long_or_cannot_be_kept(text, gallery, alice):
    category = create_category(gallery=gallery, name="cat")
    writes: list[Callable[[], Any]] = [
        lambda: create_gallery(name=text, owner=alice),
        lambda: create_gallery(name="x", description=text, owner=alice),
        lambda: update_gallery(gallery=gallery, name=text),
        lambda: update_gallery(gallery=gallery, description=text),
        lambda: create_category(gallery=gallery, name=text),
        lambda: create_category(gallery=gallery, name="dog", external_id=text),
        lambda: create_category(gallery=gallery, name="dog", prompts=[text]),
        lambda: create_category(gallery=gallery, name="dog", metadata={"key": text}),
        lambda: update_category(gallery=gallery, category=category, name=text),
        lambda: update_category(gallery=gallery, category=category, external_id=text),
        lambda: update_category(gallery=gallery, category=category, metadata={"key": text}),
        lambda: enrol(gallery=gallery, category="cat", data=photo("coffee.png"), external_id=text),
        lambda: enrol(gallery=gallery, category=text, data=photo("coffee.png"), create=True),
    ]
    for write in writes:
        with pytest.raises(RecognitionError) as refused:
            write()
        assert refused.value.status in {400, 404}
    assert Gallery.objects.count() == 1
    assert list(Category.objects.values_list("name", "external_id", "metadata")) == [
        ("cat", "", {})
    ]


@pytest.mark.parametrize("text", [LONG, NUL], ids=["long", "nul"])
def test_no_form_of_the_dashboard_goes_round_them(text, gallery, browser):
    create_category(gallery=gallery, name="cat")
    given = {"name": text, "description": text, "text": text, "username": text, "url": text}
    forms = [
        "/",
        "/g/pets/settings/",
        "/g/pets/settings/members/",
        "/g/pets/settings/keys/",
        "/g/pets/settings/webhooks/",
        "/g/pets/settings/encoder/",
        "/g/pets/add/",
        "/g/pets/c/cat/rename/",
        "/g/pets/c/cat/describe/",
        "/g/pets/search/",
    ]
    answered = {form: browser.post(form, given | {"scope": "identify"}) for form in forms}
    assert {form: answer.status_code for form, answer in answered.items()} == dict.fromkeys(
        forms, 400
    )
    assert Gallery.objects.count() == 1
    assert list(Category.objects.values_list("name", flat=True)) == ["cat"]


@pytest.mark.parametrize("number", ["9" * 6000, "-1", "1e400", "nan", "٣"])
def test_numbers_of_forms_are_read_or_refused(number, gallery, browser):
    for form, given in {
        "/g/pets/settings/retention/": {"query_days": number},
        "/g/pets/settings/": {"name": "Pets", "target_far": number},
    }.items():
        assert browser.post(form, given).status_code == 400
    for page in ("/g/pets/", "/g/pets/queries/", "/g/pets/audit/"):
        assert browser.get(page, {"page": number}).status_code in {200, 302}


def test_what_no_database_keeps_is_refused_in_an_address(gallery, as_alice):
    for page in ("/g/pets/?q=%00", "/g/%00/", "/api/v1/galleries/?name=%00", "/admin/?q=%00"):
        assert as_alice.get(page).status_code == 400


def bundle_of(gallery: Gallery, change: Callable[[dict[str, Any]], Any]) -> io.BytesIO:
    """The gallery's own bundle with another manifest."""
    exported = io.BytesIO(b"".join(export_gallery(gallery=gallery)))
    changed = io.BytesIO()
    with zipfile.ZipFile(exported) as given, zipfile.ZipFile(changed, "w") as made:
        for name in given.namelist():
            content = given.read(name)
            if name == "manifest.json":
                manifest = json.loads(content)
                replaced = change(manifest)
                content = replaced if isinstance(replaced, bytes) else json.dumps(manifest).encode()
            made.writestr(name, content)
    return changed


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest["gallery"].update(description=LONG),
        lambda manifest: manifest["gallery"].update(name=LONG),
        lambda manifest: manifest["gallery"].update(name=NUL),
        lambda manifest: manifest["categories"][0].update(metadata=BIG),
        lambda manifest: manifest["categories"][0].update(metadata={"key": "\0"}),
        lambda manifest: manifest["categories"][0].update(name=LONG),
        lambda manifest: manifest["categories"][0]["prompts"].append({"text": LONG, "vector": 0}),
        lambda _: b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        lambda _: b'{"a": ' + b'{"a":' * 990 + b"1" + b"}" * 990 + b"}",
        lambda manifest: (
            json.dumps(manifest).replace('"vector": 0', '"vector": ' + "9" * 6000).encode()
        ),
    ],
)
def test_no_bundle_goes_round_them(change, gallery, alice):
    create_category(gallery=gallery, name="cat", prompts=["a cat"])
    with pytest.raises(InvalidBundle) as refused:
        import_gallery(bundle=bundle_of(gallery, change), owner=alice)
    assert len(refused.value.detail) < 2000
    assert Gallery.objects.count() == 1


@pytest.mark.parametrize("shape", ["(1000000000000, 512)", "(-1, 512)", "(512,)", "(9" * 99 + ")"])
def test_an_array_is_no_larger_than_its_file(shape, gallery, alice):
    create_category(gallery=gallery, name="cat", prompts=["a cat"])
    exported = io.BytesIO(b"".join(export_gallery(gallery=gallery)))
    dimension = gallery.encoder.dimension
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    head = head.replace("512", str(dimension)).ljust(117) + "\n"
    array = b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode()
    array += np.ones(dimension, np.float32).tobytes()
    changed = io.BytesIO()
    with zipfile.ZipFile(exported) as given, zipfile.ZipFile(changed, "w") as made:
        for name in given.namelist():
            made.writestr(name, array if name == "vectors.npy" else given.read(name))
    with pytest.raises(InvalidBundle):
        import_gallery(bundle=changed, owner=alice)
    assert Gallery.objects.count() == 1


def test_a_noisy_photo_of_twenty_megapixels_is_kept():
    noise = np.random.default_rng(1).integers(0, 256, (4000, 5000, 3), dtype=np.uint8)
    kept = encode_stored(Image.fromarray(noise))
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (5000, 4000)


def test_quotas_of_a_user_and_of_a_gallery_hold_by_every_way(gallery, alice, as_alice, settings):
    category = create_category(gallery=gallery, name="cat")
    enrol(gallery=gallery, category="cat", data=photo("coffee.png"))
    identify(gallery=gallery, data=another_view("chelsea.png"))
    bundle = io.BytesIO(b"".join(export_gallery(gallery=gallery)))
    settings.RECOGNITION = {
        **settings.RECOGNITION,
        "max_user_galleries": 1,
        "max_gallery_categories": 1,
        "max_gallery_references": 1,
        "max_gallery_queries": 1,
    }
    refused = as_alice.post("/api/v1/galleries/", {"name": "x"})
    assert (refused.status_code, refused.data["code"]) == (409, "quota_exceeded")
    for write in (
        lambda: import_gallery(bundle=bundle, owner=alice),
        lambda: create_category(gallery=gallery, name="dog"),
        lambda: enrol(gallery=gallery, category="cat", data=photo("chelsea.png")),
        lambda: enrol(gallery=gallery, category="x", data=photo("chelsea.png"), create=True),
        lambda: identify(gallery=gallery, data=photo("coffee.png")),
    ):
        with pytest.raises(QuotaExceeded):
            write()
    answer = as_alice.post(
        "/api/v1/galleries/pets/references/",
        {"image": upload(photo("chelsea.png")), "category": "cat"},
        format="multipart",
    )
    assert answer.data["code"] == "quota_exceeded"
    assert Membership.objects.filter(user=alice, role=Role.OWNER).count() == 1
    assert (gallery.categories.count(), category.references.count()) == (1, 1)
    assert Query.objects.count() == 1
    assert identify(gallery=gallery, data=photo("coffee.png"), keep=False)
