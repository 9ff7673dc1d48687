"""Imports through the API: their plan, its confirmation, and one call that takes them back."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from recognition.models import Job, Reference
from recognition.worker.take_turn import take_turn
from tests.archives.builders import image_bytes, zip_of
from tests.archives.test_name_encodings import packed

pytestmark = pytest.mark.django_db
JOBS = "/api/v1/galleries/pets/jobs/"


def send(client, data: bytes, **given):
    archive = SimpleUploadedFile("a.zip", data, "application/zip")
    body = {"archive": archive, **given}
    answer = client.post("/api/v1/galleries/pets/imports/", body, format="multipart")
    if answer.status_code == 202:
        take_turn(Job.objects.latest("id").pk)
    return answer


PETS = zip_of({"Cat/1.png": image_bytes(1), "Dog/2.png": image_bytes(2), ".DS_Store": b"x"})


def test_a_dry_run_tells_the_plan_and_a_confirmed_one_is_enrolled(gallery, as_alice):
    answer = send(as_alice, PETS, create="true", dry_run="true")
    address = answer.headers["Location"].split("/api/", 1)[1]
    job = as_alice.get(f"/api/{address}").json()
    assert (job["state"], job["dry_run"], job["enrolled"]) == ("planned", True, 0)
    assert job["plan"] | {"names": None} == {
        "photos": 2,
        "prompts": 0,
        "categories": 2,
        "new_categories": 2,
        "new_names": ["Cat", "Dog"],
        "makes_categories": True,
        "layout": "folders",
        "root": "",
        "manifest": "",
        "deeper_folders": [],
        "names": None,
        "left_out": {"count": 1, "paths": [".DS_Store"]},
        "is_guess": False,
    }
    assert not Reference.objects.exists()
    assert as_alice.post(f"{JOBS}{job['id']}/confirm/", {}, format="json").status_code == 200
    take_turn(Job.objects.get().pk)
    assert as_alice.get(f"{JOBS}{job['id']}/").json()["enrolled"] == 2
    again = as_alice.post(f"{JOBS}{job['id']}/confirm/", {}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "job_not_planned")


def test_an_import_is_taken_back_once(gallery, as_alice, as_victor):
    send(as_alice, PETS, create="true")
    url = f"{JOBS}{Job.objects.get().public_id}/undo/"
    assert as_victor.post(url).status_code == 403
    undone = as_alice.post(url)
    assert undone.status_code == 200 and undone.json()["undone_at"]
    assert not Reference.objects.exists()
    assert as_alice.post(url).json()["code"] == "job_not_undoable"


def test_names_in_an_encoding_that_is_said_are_not_asked_about(gallery, as_alice):
    data = packed("Größe/1.png".encode("cp850"), b"a/2.png")
    send(as_alice, data, create="true")
    assert Job.objects.get().state == "planned"
    send(as_alice, data, create="true", encoding="cp850")
    assert Job.objects.latest("id").rows.get(number=0).category == "Größe"
    assert send(as_alice, data, encoding="klingon").status_code == 400


def test_a_category_that_has_the_name_is_no_second_one(gallery, as_alice):
    url = "/api/v1/galleries/pets/categories/"
    assert as_alice.post(url, {"name": "Blue Mug"}, format="json").status_code == 201
    twice = as_alice.post(url, {"name": "BLUE\u00a0mug"}, format="json")
    assert (twice.status_code, twice.json()["code"]) == (409, "already_exists")
    assert "'blue-mug'" in twice.json()["detail"]
    unreadable = as_alice.post(url, {"name": "mug\u0007"}, format="json")
    assert unreadable.status_code == 400 and "U+0007" in unreadable.json()["detail"]


def test_rows_tell_their_warnings(gallery, as_alice):
    send(as_alice, zip_of({"ant/1.png": image_bytes(1, size=20)}), create="true")
    [row] = as_alice.get(f"{JOBS}{Job.objects.get().public_id}/rows/").json()["results"]
    assert "tiny" in [each["code"] for each in row["warnings"]]
