from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from rest_framework.test import APIClient

from recognition.models import Category, Embedding, Reference
from recognition.services.api_keys.issue_key import issue_key
from tests.conftest import client_of
from tests.photos import photo, upload

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/pets/references/"


def enrol(client, **given):
    given = {"category": "cat", "image": upload(photo("chelsea.png")), **given}
    return client.post(URL, given, format="multipart")


def test_an_enrolment_tells_what_was_kept(gallery, as_alice):
    answer = enrol(as_alice, create="true", external_id="shot-1")
    assert answer.status_code == 201
    kept = answer.json()
    assert (kept["category"], kept["external_id"]) == ("cat", "shot-1")
    assert (kept["width"], kept["height"]) == (451, 300)
    assert kept["sha256"] == hashlib.sha256(photo("chelsea.png")).hexdigest()
    assert kept["generation"] == 1
    listed = as_alice.get(URL).json()["results"]
    assert listed == [as_alice.get(f"{URL}{kept['id']}/").json()]


def test_the_stored_image_is_the_uploaded_one_without_its_metadata(gallery, as_alice):
    exif = Image.Exif()
    exif[0x010F] = "Some camera"
    buffer = BytesIO()
    Image.open(BytesIO(photo("chelsea.png"))).convert("RGB").save(buffer, "JPEG", exif=exif)
    assert b"Some camera" in buffer.getvalue()
    enrol(as_alice, create="true", image=upload(buffer.getvalue()))
    reference = Reference.objects.get()
    with default_storage.open(reference.image.name) as file:
        stored = file.read()
    assert b"Some camera" not in stored
    with Image.open(BytesIO(stored)) as image:
        assert image.size == (451, 300)


def test_a_category_is_made_only_when_asked(gallery, as_alice):
    refused = enrol(as_alice)
    assert (refused.status_code, refused.json()["code"]) == (404, "category_not_found")
    assert enrol(as_alice, create="true").status_code == 201
    assert enrol(as_alice, create="true").status_code == 201
    assert Category.objects.get().references.count() == 2


def test_a_key_that_is_no_slug_becomes_the_external_id(gallery, as_alice):
    for _ in range(2):
        assert enrol(as_alice, create="true", category="Badge 47/11").status_code == 201
    category = Category.objects.get()
    assert (category.slug, category.external_id) == ("badge-4711", "Badge 47/11")


def test_an_external_id_is_used_once(gallery, as_alice):
    assert enrol(as_alice, create="true", external_id="shot-1").status_code == 201
    refused = enrol(as_alice, external_id="shot-1")
    assert (refused.status_code, refused.json()["code"]) == (409, "already_exists")
    assert Embedding.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_removed_reference_leaves_no_file(gallery, as_alice):
    kept = enrol(as_alice, create="true").json()
    reference = Reference.objects.get()
    paths = [reference.image.name, reference.thumbnail.name]
    assert all(default_storage.exists(path) for path in paths)
    assert as_alice.delete(f"{URL}{kept['id']}/").status_code == 204
    assert not any(default_storage.exists(path) for path in paths)
    assert not Embedding.objects.exists()


def test_an_unknown_reference_is_not_found(gallery, as_alice):
    for method in (as_alice.get, as_alice.delete):
        answer = method(f"{URL}r_none/")
        assert (answer.status_code, answer.json()["code"]) == (404, "reference_not_found")


def test_a_reference_under_review_waits_for_an_owner(gallery, bob, as_alice):
    changed = as_alice.patch("/api/v1/galleries/pets/", {"review_references": True})
    assert changed.json()["review_references"]
    as_bob = client_of(bob)
    answer = enrol(as_bob, create="true")
    assert answer.status_code == 202
    assert (answer.json()["state"], answer.json()["generation"]) == ("pending", None)
    one = f"{URL}{answer.json()['id']}/"
    assert as_bob.post(f"{one}approve/").status_code == 403
    [waiting] = as_bob.get(URL, {"state": "pending"}).json()["results"]
    assert waiting["id"] == answer.json()["id"]
    approved = as_alice.post(f"{one}approve/")
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    assert as_alice.post(f"{one}approve/").status_code == 200
    refused = as_alice.post(f"{one}reject/")
    assert (refused.status_code, refused.json()["code"]) == (409, "already_approved")


def test_what_an_owners_program_enrols_waits_too(gallery, alice, as_alice):
    as_alice.patch("/api/v1/galleries/pets/", {"review_references": True})
    _, secret = issue_key(user=alice, name="feeder")
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    waiting = enrol(program, create="true")
    assert waiting.status_code == 202
    assert enrol(as_alice).status_code == 201
    assert as_alice.post(f"{URL}{waiting.json()['id']}/reject/").status_code == 204
    assert Reference.objects.get().state == Reference.State.APPROVED
