"""Imports that are started, and what they leave behind."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from recognition.models import Job, JobRow, Reference
from recognition.services.imports.start_import import start_import
from recognition.services.storage.files import run_file_deletions


def start(gallery, data: bytes, *, create: bool = True, **options) -> Job:
    return start_import(gallery=gallery, archive=ContentFile(data), create=create, **options)


def report(job: Job) -> dict[str, tuple[str, str]]:
    return {row.path: (row.status, row.code) for row in JobRow.objects.filter(job=job)}


def stored_files(gallery) -> set[str]:
    folder = f"galleries/{gallery.pk}"
    return {
        f"{folder}/{kind}/{name}"
        for kind in ("references", "thumbnails", "imports")
        if default_storage.exists(f"{folder}/{kind}")
        for name in default_storage.listdir(f"{folder}/{kind}")[1]
    }


def files_of_references() -> set[str]:
    return {
        name for each in Reference.objects.all() for name in (each.image.name, each.thumbnail.name)
    }


def leftovers(gallery) -> set[str]:
    """Files that nothing owns, once the deletions that are due have been done."""
    run_file_deletions()
    return stored_files(gallery) - files_of_references()
