"""Files and rows live and die together."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import OperationalError, transaction

from recognition.models import FileDeletion, Query, Reference
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from recognition.services.removal import remove_reference
from recognition.services.storage import files
from recognition.services.storage.files import delete_files, run_file_deletions
from tests.photos import photo


def files_of(gallery) -> list[str]:
    folder = f"galleries/{gallery.pk}"
    return [
        name
        for kind in ("references", "thumbnails")
        if default_storage.exists(f"{folder}/{kind}")
        for name in default_storage.listdir(f"{folder}/{kind}")[1]
    ]


def enrol_cat(gallery):
    return enrol(gallery=gallery, category="cat", data=photo("chelsea.png"), create=True)


@pytest.mark.django_db
def test_files_go_when_their_rows_cannot_be_saved(gallery, monkeypatch):
    def crash(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(Reference, "save", crash)
    with pytest.raises(RuntimeError):
        enrol_cat(gallery)
    assert files_of(gallery) == []


@pytest.mark.django_db(transaction=True)
def test_files_stay_when_a_removal_is_rolled_back(gallery):
    reference = enrol_cat(gallery).reference
    kept = files_of(gallery)
    with pytest.raises(RuntimeError), transaction.atomic():
        remove_reference(gallery=gallery, reference=reference)
        raise RuntimeError("the power fails")
    assert files_of(gallery) == kept
    assert not FileDeletion.objects.exists()


@pytest.mark.django_db
def test_a_deletion_that_a_crash_cut_short_is_made_up_for(gallery):
    reference = enrol_cat(gallery).reference
    with transaction.atomic():
        remove_reference(gallery=gallery, reference=reference)
    # The test's own transaction never commits, as if the process had died right after it did.
    assert files_of(gallery)
    assert run_file_deletions() == 2
    assert files_of(gallery) == []
    assert not FileDeletion.objects.exists()


@pytest.mark.django_db
def test_a_file_that_cannot_be_deleted_stays_due(gallery, monkeypatch):
    delete_files(["galleries/1/references/x.webp"])

    def refuse(storage: FileSystemStorage, name: str) -> None:
        raise PermissionError(name)

    monkeypatch.setattr(FileSystemStorage, "delete", refuse)
    assert run_file_deletions() == 0
    assert FileDeletion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_keeps_its_files_whatever_fails_after(gallery, monkeypatch):
    def locked(*args: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(files, "run_file_deletions", locked)
    reference = Reference(gallery=gallery)
    with files.stored((reference.image, b"pixels")), transaction.atomic():
        files.delete_files(["galleries/1/references/another.webp"])
    assert reference.image.storage.exists(reference.image.name)


@pytest.mark.django_db
def test_one_file_that_cannot_be_deleted_keeps_no_other(gallery, monkeypatch):
    names = ["galleries/1/a", "galleries/1/b", "galleries/1/c"]
    for name in names:
        default_storage.save(name, ContentFile(b"x"))
    delete_files(names)
    real = FileSystemStorage.delete

    def delete(storage: FileSystemStorage, name: str) -> None:
        if name.endswith("b"):
            raise RuntimeError("what a storage of another kind may raise")
        real(storage, name)

    monkeypatch.setattr(FileSystemStorage, "delete", delete)
    monkeypatch.setattr(files, "AT_ONCE", 1)
    assert run_file_deletions() == 2
    assert FileDeletion.objects.get().path == names[1]


@pytest.mark.django_db
def test_a_file_is_on_the_disk_before_it_counts(gallery, monkeypatch):
    synced = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    path = Path(enrol_cat(gallery).reference.image.path)
    for written in (path, path.parent, Path(settings.MEDIA_ROOT)):
        assert written.stat().st_ino in synced


def queries_of(gallery) -> list[str]:
    folder = f"galleries/{gallery.pk}/queries"
    return default_storage.listdir(folder)[1] if default_storage.exists(folder) else []


@pytest.mark.django_db
def test_a_query_that_cannot_be_answered_leaves_no_file(gallery, monkeypatch):
    def late(*args: object, **kwargs: object) -> None:
        assert queries_of(gallery)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(Query, "save", late)
    with pytest.raises(RuntimeError):
        identify(gallery=gallery, data=photo("chelsea.png"))
    assert queries_of(gallery) == []


@pytest.mark.django_db
def test_a_query_whose_file_cannot_be_written_is_not_kept(gallery, monkeypatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError("no space left on the device")

    monkeypatch.setattr(FileSystemStorage, "_save", refuse)
    with pytest.raises(OSError, match="no space left"):
        identify(gallery=gallery, data=photo("chelsea.png"))
    assert not Query.objects.exists()
