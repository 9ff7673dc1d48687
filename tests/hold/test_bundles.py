"""A stranger's bundle is read by a process of its own, which the system bounds."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.contrib.auth.models import User

from recognition.core.errors import ArchiveError, InvalidBundle
from recognition.models import Gallery
from recognition.services.bundles import read_bundle, unpack
from recognition.services.bundles.export_gallery import export_gallery
from recognition.services.bundles.import_gallery import import_gallery
from recognition.services.references.enrol import enrol
from tests.archives.builders import zip_of
from tests.photos import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def not_here(monkeypatch) -> None:
    """Whatever reads an archive fails in the process that answers requests."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("A stranger's archive is read in this process.")

    for name in ("read_manifest", "read_vectors", "read_images", "read_entries", "parse_manifest"):
        monkeypatch.setattr(read_bundle, name, refuse)
    monkeypatch.setattr(zipfile.ZipFile, "__init__", refuse)


def take(data: bytes, alice: User) -> Gallery:
    return import_gallery(bundle=io.BytesIO(data), owner=alice, slug="taken")


def test_a_bundle_is_read_by_a_process_of_its_own(gallery, alice, request, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    enrol(gallery=gallery, category="cat", data=photo("chelsea.png"), create=True)
    data = b"".join(export_gallery(gallery=gallery, images=True))
    request.getfixturevalue("not_here")
    taken = take(data, alice)
    assert [each.category.slug for each in taken.references.all()] == ["cat"]
    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 no zip at all", "archive_damaged"),
        (zip_of({"a.png": b"x"}), "invalid_bundle"),
        (zip_of({"manifest.json": b"[" * 100_000}), "invalid_bundle"),
    ],
)
def test_what_is_wrong_with_a_bundle_is_told_from_there(data, code, alice, not_here):
    with pytest.raises(ArchiveError) as refused:
        take(data, alice)
    assert refused.value.code == code


def test_a_bundle_that_takes_too_much_memory_is_refused_by_the_system(alice, monkeypatch):
    monkeypatch.setattr(unpack, "MEMORY", 450_000_000)
    values = b'{"format": "oneshot-gallery", "version": 1, "x": [%s]}' % b",".join(
        b'{"a":1}' for _ in range(1_900_000)
    )
    with pytest.raises(InvalidBundle, match="more memory"):
        take(zip_of({"manifest.json": values}, method=zipfile.ZIP_STORED), alice)
