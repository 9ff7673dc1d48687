"""An archive on the dashboard, from its upload to its report."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from recognition.models import Category, Job, Reference
from recognition.worker.take_turn import take_turn
from tests.archives.test_name_encodings import packed
from tests.dashboard.page_text import text
from tests.photos import photo

pytestmark = pytest.mark.django_db


def archive(**files: bytes) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    return SimpleUploadedFile("things.zip", buffer.getvalue(), "application/zip")


def two_of_three() -> SimpleUploadedFile:
    return archive(
        **{
            "cat/chelsea.png": photo("chelsea.png"),
            "cup/coffee.png": photo("coffee.png"),
            "cup/text.jpg": b"this is no image",
        }
    )


def test_an_archive_is_imported_and_its_troubles_told(gallery, alices):
    given = {"archive": two_of_three(), "create": "on"}
    page = alices.post("/g/pets/imports/", given, follow=True)
    assert 'hx-trigger="every 1s"' in text(page)
    job = Job.objects.get()
    take_turn(job.pk)
    url = f"/g/pets/imports/{job.public_id}/"
    plan = text(alices.get(url, headers={"HX-Request": "true"}))
    assert "3 photos of 2 categories" in plan and "every 1s" not in plan
    assert "0 enrolled" not in plan and not Reference.objects.exists()
    assert 'hx-trigger="every 1s"' in text(alices.post(f"{url}confirm/", follow=True))
    take_turn(job.pk)
    part = text(alices.get(url, headers={"HX-Request": "true"}))
    assert "3 of 3 files" in part
    assert "2</strong> enrolled" in part and "1</strong> failed" in part
    assert "cup/text.jpg" in part and "image_unsupported" in part
    assert "every 1s" not in part and "<html" not in part
    assert "2 enrolled" in text(alices.get("/g/pets/imports/"))
    assert "cat" in text(alices.get("/g/pets/"))


def test_an_import_is_taken_back_on_its_page(gallery, alices, victors):
    alices.post("/g/pets/imports/", {"archive": two_of_three(), "create": "on"})
    job = Job.objects.get()
    url = f"/g/pets/imports/{job.public_id}/"
    take_turn(job.pk)
    assert victors.post(f"{url}confirm/").status_code == 403
    alices.post(f"{url}confirm/")
    take_turn(job.pk)
    assert "Undo import" in text(alices.get(url))
    assert victors.post(f"{url}undo/").status_code == 403
    undone = text(alices.post(f"{url}undo/", follow=True))
    assert "its photos were removed" in undone and "Undo import" not in undone
    assert not Category.objects.exists()
    assert alices.post(f"{url}undo/").status_code == 409


def test_names_in_a_guessed_encoding_are_read_anew_by_a_button(gallery, alices):
    data = packed("Größe/1.png".encode("cp850"), "Maß/2.png".encode("cp850"))
    given = {"archive": SimpleUploadedFile("things.zip", data), "create": "on"}
    alices.post("/g/pets/imports/", given)
    job = Job.objects.get()
    url = f"/g/pets/imports/{job.public_id}/"
    take_turn(job.pk)
    told = text(alices.get(url))
    assert "does not say how its names are encoded" in told and "Größe/1.png" in told
    alices.post(f"{url}confirm/", {"encoding": "cp866"})
    take_turn(job.pk)
    again = text(alices.get(url))
    assert "Gr”·e/1.png" not in again and job.rows.get(number=0).category in again


def test_a_job_that_is_tried_again_says_why(gallery, alices):
    alices.post("/g/pets/imports/", {"archive": two_of_three(), "create": "on"})
    job = Job.objects.get()
    Job.objects.filter(pk=job.pk).update(errors=2, last_error="“No room.”")
    told = text(alices.get(f"/g/pets/imports/{job.public_id}/"))
    assert "Interrupted 2 times, trying again: “No room.”" in told


def test_an_import_is_cancelled(gallery, alices):
    alices.post("/g/pets/imports/", {"archive": two_of_three(), "create": "on"})
    job = Job.objects.get()
    page = text(alices.post(f"/g/pets/imports/{job.public_id}/cancel/", follow=True))
    assert "Cancelled" in page
    assert alices.post(f"/g/pets/imports/{job.public_id}/cancel/").status_code == 409


def test_what_is_no_archive_is_refused(gallery, alices):
    refused = alices.post("/g/pets/imports/", {"archive": SimpleUploadedFile("a.zip", b"text")})
    assert refused.status_code == 415
    assert alices.post("/g/pets/imports/", {}).status_code == 400
    assert not Job.objects.exists()


def test_an_archive_that_is_too_large_is_refused_on_its_way(gallery, alices, settings):
    settings.RECOGNITION = {**settings.RECOGNITION, "max_archive_bytes": 1000}
    refused = alices.post("/g/pets/imports/", {"archive": two_of_three()})
    assert refused.status_code == 413
    assert "Split the archive" in text(refused)


def test_a_forged_upload_is_refused(gallery, alice):
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(alice)
    assert forger.post("/g/pets/imports/", {"archive": two_of_three()}).status_code == 403
    assert not Job.objects.exists()


def test_only_curators_import(gallery, victors, charlies):
    assert victors.post("/g/pets/imports/", {"archive": two_of_three()}).status_code == 403
    assert charlies.post("/g/pets/imports/", {"archive": two_of_three()}).status_code == 404
    assert "Import" not in text(victors.get("/g/pets/"))
