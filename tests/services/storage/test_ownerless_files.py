from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from recognition.models import Gallery, Query
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from recognition.services.storage.ownerless_files import delete_ownerless_files
from tests.photos import photo

LONG_AGO = timedelta(days=1, minutes=1)


def aged(name: str, age: timedelta = LONG_AGO) -> str:
    moment = (timezone.now() - age).timestamp()
    os.utime(default_storage.path(name), (moment, moment))
    return name


def stray(gallery: Gallery, name: str, age: timedelta = LONG_AGO) -> str:
    return aged(default_storage.save(f"galleries/{gallery.pk}/{name}", ContentFile(b"x")), age)


@pytest.mark.django_db(transaction=True)
def test_what_a_crash_left_goes_and_all_else_stays(gallery):
    reference = enrol(
        gallery=gallery, category="cat", data=photo("chelsea.png"), create=True
    ).reference
    query = identify(gallery=gallery, data=photo("chelsea.png")).query
    kept = [
        *(aged(file.name) for file in (reference.image, reference.thumbnail, query.image)),
        stray(gallery, "queries/q_00ff.jpg", timedelta(hours=23)),
        stray(gallery, "notes/q_00ff.jpg"),
    ]
    ownerless = [
        stray(gallery, "queries/q_11ff.jpg"),
        stray(gallery, f"references/{reference.public_id}-0badcafe.webp"),
        stray(gallery, "thumbnails/unheard of"),
        stray(Gallery(pk=gallery.pk + 1), "queries/q_22ff.jpg"),
    ]
    assert delete_ownerless_files() == len(ownerless)
    assert [name for name in kept if not default_storage.exists(name)] == []
    assert [name for name in ownerless if default_storage.exists(name)] == []
    assert delete_ownerless_files() == 0


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_query_that_was_cut_short_goes_after_a_day(gallery, monkeypatch):
    class Killed(BaseException):
        """As if the process had ended: nothing is taken back."""

    def killed(*args: object, **kwargs: object) -> None:
        raise Killed

    monkeypatch.setattr(Query, "save", killed)
    monkeypatch.setattr("recognition.services.storage.files._take_back", lambda written: None)
    with pytest.raises(Killed):
        identify(gallery=gallery, data=photo("chelsea.png"))
    folder = f"galleries/{gallery.pk}/queries"
    [name] = default_storage.listdir(folder)[1]
    assert delete_ownerless_files() == 0
    aged(f"{folder}/{name}")
    assert delete_ownerless_files() == 1


@pytest.mark.django_db
def test_an_installation_without_images_has_none(db):
    assert delete_ownerless_files() == 0
