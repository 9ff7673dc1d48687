from __future__ import annotations

import pytest
from django.core.files.storage import default_storage

from recognition.models import Change, Embedding, FileDeletion, Gallery, Query, Reference
from tests.conftest import client_of
from tests.photos import photo, upload

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/"


def test_a_gallery_is_made_with_the_default_encoder(as_alice, models_dir):
    answer = as_alice.post(URL, {"name": "Garden birds", "description": "Seen this winter"})
    assert answer.status_code == 201
    made = answer.json()
    assert made["slug"] == "garden-birds"
    assert made["encoder"]["name"] == "bundled"
    assert len(made["encoder"]["fingerprint"]) == 64
    assert (made["generation"], made["categories"], made["references"]) == (0, 0, 0)
    assert as_alice.get(f"{URL}garden-birds/").json() == made


def test_a_name_may_be_used_twice_but_a_slug_may_not(gallery, as_alice):
    assert as_alice.post(URL, {"name": "Pets"}).json()["slug"] == "pets-2"
    refused = as_alice.post(URL, {"name": "Pets", "slug": "pets"})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_exists")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": " "},
        {"name": "x" * 201},
        {"name": "Birds", "slug": "no spaces"},
        {"name": "Birds", "target_far": 0},
        {"name": "Birds", "target_far": "NaN"},
    ],
)
def test_a_gallery_that_makes_no_sense_is_refused(given, as_alice):
    refused = as_alice.post(URL, given)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_input")
    assert not Gallery.objects.exists()


def test_a_list_shows_only_what_the_caller_may_see(gallery, as_alice, as_victor, as_charlie):
    for client, seen in [(as_alice, ["pets"]), (as_victor, ["pets"]), (as_charlie, [])]:
        listed = client.get(URL).json()["results"]
        assert [gallery["slug"] for gallery in listed] == seen


def test_staff_see_all(gallery, django_user_model):
    boss = django_user_model.objects.create_user("boss", is_staff=True)
    assert len(client_of(boss).get(URL).json()["results"]) == 1


def test_nobody_sees_nothing(gallery, as_nobody):
    answer = as_nobody.get(URL)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_an_owner_changes_a_gallery_and_a_curator_does_not(gallery, bob, as_alice):
    changed = as_alice.patch(f"{URL}pets/", {"name": "Animals", "target_far": 0.05}).json()
    assert (changed["name"], changed["target_far"], changed["slug"]) == ("Animals", 0.05, "pets")
    refused = client_of(bob).patch(f"{URL}pets/", {"name": "Mine"})
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")


@pytest.mark.django_db(transaction=True)
def test_deleting_a_gallery_leaves_nothing(gallery, as_alice):
    given = {"category": "cat", "image": upload(photo("chelsea.png")), "create": "true"}
    assert as_alice.post(f"{URL}pets/references/", given, format="multipart").status_code == 201
    given["image"].seek(0)
    assert as_alice.post(f"{URL}pets/identify/", given, format="multipart").status_code == 200
    assert as_alice.delete(f"{URL}pets/").status_code == 204
    for model in (Gallery, Reference, Embedding, Change, Query, FileDeletion):
        assert not model.objects.exists(), model
    folders, files = default_storage.listdir("galleries")
    assert not files
    for folder in folders:
        for kind in default_storage.listdir(f"galleries/{folder}")[0]:
            assert default_storage.listdir(f"galleries/{folder}/{kind}") == ([], [])


def test_a_method_that_is_not_there_is_refused(gallery, as_alice):
    refused = as_alice.put(f"{URL}pets/", {})
    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
