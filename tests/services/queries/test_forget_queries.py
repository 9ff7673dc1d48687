"""Retention: what a gallery keeps no longer is gone for good, whatever dies meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from recognition.core.errors import ImageNotKept, InvalidInput
from recognition.models import Feedback, FileDeletion, Gallery, Query
from recognition.services.feedback.give_feedback import give_feedback
from recognition.services.galleries.update_gallery import Retention, update_gallery
from recognition.services.matching.gallery_model import current, fitted
from recognition.services.queries import forget_queries as forgetting
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from recognition.services.storage import files
from recognition.worker import tasks
from tests.photos import photo

pytestmark = pytest.mark.django_db
Verdict = Feedback.Verdict


@pytest.fixture
def pets(gallery: Gallery) -> Gallery:
    enrol(gallery=gallery, category="cup", data=photo("coffee.png"), create=True)
    return gallery


def ask(pets: Gallery, *, days_ago: int = 0) -> Query:
    query = identify(gallery=pets, data=photo("coffee.png")).query
    asked = timezone.now() - timedelta(days=days_ago)
    Query.objects.filter(pk=query.pk).update(created_at=asked)
    return query


def keep(pets: Gallery, days: int | None, *, images: bool = True) -> None:
    update_gallery(gallery=pets, retention=Retention(days, images))


def sweep(capture) -> None:
    with capture(execute=True):
        tasks.sweep()


def test_by_default_queries_are_kept_for_ever(pets):
    ask(pets, days_ago=4000)
    tasks.sweep()
    assert Query.objects.count() == 1


def test_what_is_too_old_goes_with_its_file_and_what_was_said_of_it(
    pets, django_capture_on_commit_callbacks
):
    old, new = ask(pets, days_ago=31), ask(pets, days_ago=29)
    give_feedback(gallery=pets, query=old, verdict=Verdict.UNKNOWN)
    assert len(fitted(current(pets)).model.background.images) > 0
    before = fitted(current(pets))
    keep(pets, 30)
    sweep(django_capture_on_commit_callbacks)
    assert list(Query.objects.all()) == [new]
    assert not Feedback.objects.exists()
    assert not default_storage.exists(old.image.name)
    assert default_storage.exists(new.image.name)
    assert fitted(current(pets)) is not before


def test_a_reference_that_a_query_has_become_stays(pets, django_capture_on_commit_callbacks):
    query = ask(pets, days_ago=31)
    give_feedback(gallery=pets, query=query, verdict=Verdict.IT_IS, category="cup", promote=True)
    keep(pets, 30)
    sweep(django_capture_on_commit_callbacks)
    assert pets.references.count() == 2
    for reference in pets.references.all():
        assert default_storage.exists(reference.image.name)


def test_a_file_that_cannot_be_deleted_goes_with_the_next_sweep(
    pets, monkeypatch, django_capture_on_commit_callbacks
):
    query = ask(pets, days_ago=31)
    keep(pets, 30)
    with monkeypatch.context() as broken:
        broken.setattr(files.default_storage, "delete", _fail)
        sweep(django_capture_on_commit_callbacks)
    assert default_storage.exists(query.image.name)
    assert FileDeletion.objects.get().path == query.image.name
    sweep(django_capture_on_commit_callbacks)
    assert not default_storage.exists(query.image.name)
    assert not FileDeletion.objects.exists()


def _fail(_: str) -> None:
    raise OSError("the disk is away")


def test_a_gallery_may_keep_no_images_of_queries(pets, django_capture_on_commit_callbacks):
    before = ask(pets)
    keep(pets, None, images=False)
    after = ask(pets)
    assert not after.image
    sweep(django_capture_on_commit_callbacks)
    assert not default_storage.exists(before.image.name)
    assert set(Query.objects.values_list("image", flat=True)) == {""}
    with pytest.raises(ImageNotKept):
        give_feedback(
            gallery=pets, query=after, verdict=Verdict.IT_IS, category="cup", promote=True
        )


def test_the_api_tells_and_changes_what_is_kept(pets, as_alice, as_victor):
    url = "/api/v1/galleries/pets/"
    assert as_victor.get(url).json()["retention"] == {"query_days": None, "query_images": True}
    chosen = {"query_days": 30, "query_images": False}
    assert as_alice.patch(url, {"retention": chosen}).json()["retention"] == chosen
    assert as_alice.patch(url, {"name": "Animals"}).json()["retention"] == chosen
    refused = as_alice.patch(url, {"retention": {**chosen, "query_days": 0}})
    assert refused.json()["code"] == "invalid_input"
    with pytest.raises(InvalidInput):
        keep(pets, 100_000)


def test_a_query_without_its_image_still_has_a_picture(pets, as_victor):
    keep(pets, None, images=False)
    query = ask(pets)
    address = f"/g/pets/queries/{query.public_id}/"
    picture = as_victor.get(f"{address}thumbnail")
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"image not kept" in picture.content
    assert as_victor.get(f"{address}image").status_code == 404
    assert as_victor.get(address).status_code == 200


def test_what_is_kept_again_since_the_sweep_began_stays(pets):
    keep(pets, 30, images=False)
    as_the_sweep_read_it = Gallery.objects.get(pk=pets.pk)
    keep(pets, None)
    query = ask(pets, days_ago=31)
    assert forgetting._forget_some(as_the_sweep_read_it) == 0
    assert forgetting._forget_some_images(as_the_sweep_read_it) == 0
    assert Query.objects.get().image == query.image
