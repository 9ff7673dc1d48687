"""Commit order is generation order, and a failure takes no number."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.db import connection, transaction

from recognition.core.errors import CategoryNotFound, EncoderMismatch, GalleryNotFound
from recognition.core.types import EvidenceKind
from recognition.models import Change, Embedding, EncoderRecord, Gallery
from recognition.selectors.changes import DatabaseChangeSource
from recognition.services.categories.create_category import create_category
from recognition.services.categories.describe import describe
from recognition.services.change_log import lock_gallery, log_additions
from recognition.services.removal import remove_category, remove_gallery, remove_prompt


def source_of(gallery: Gallery) -> DatabaseChangeSource:
    return DatabaseChangeSource(gallery_id=gallery.pk, encoder_id=gallery.encoder_id)


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_take_every_generation_once(gallery):
    cat = create_category(gallery=gallery, name="Cat")

    def write(number: int) -> None:
        try:
            describe(gallery=gallery, category=cat, texts=[f"cat number {number}"])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(12)))
    gallery.refresh_from_db()
    assert gallery.generation == 12
    assert list(Change.objects.values_list("generation", flat=True)) == list(range(1, 13))
    added = Embedding.objects.order_by("generation").values_list("generation", "pk")
    assert list(added) == list(Change.objects.values_list("generation", "embedding"))


@pytest.mark.django_db
def test_a_failed_write_takes_no_generation(gallery):
    cat = create_category(gallery=gallery, name="Cat", prompts=["a cat"])
    with pytest.raises(RuntimeError), transaction.atomic():
        describe(gallery=gallery, category=cat, texts=["a kitten"])
        raise RuntimeError("the power fails")
    gallery.refresh_from_db()
    assert gallery.generation == 1
    assert Change.objects.count() == Embedding.objects.count() == 1


@pytest.mark.django_db
def test_a_removal_is_logged_for_each_embedding(gallery):
    cat = create_category(gallery=gallery, name="Cat", prompts=["a cat", "a kitten"])
    create_category(gallery=gallery, name="Dog", prompts=["a dog"])
    remove_category(gallery=gallery, category=cat)
    changes = source_of(gallery).changes(0, 100)
    assert [change.generation for change in changes] == [1, 2, 3, 4, 5]
    assert [change.entry is not None for change in changes] == [False, False, True, False, False]
    assert {changes[3].embedding, changes[4].embedding} == {
        changes[0].embedding,
        changes[1].embedding,
    }


@pytest.mark.django_db
def test_a_source_gives_what_is_live(gallery):
    cat = create_category(gallery=gallery, name="Cat", prompts=["a cat", "a kitten"])
    remove_prompt(gallery=gallery, prompt=cat.prompts.get(text="a cat"))
    position, entries = source_of(gallery).entries()
    [entry] = entries
    assert position == source_of(gallery).position()
    assert position.generation == 3
    assert (entry.category, entry.kind) == (cat.pk, EvidenceKind.PROMPT)
    assert np.linalg.norm(entry.vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.django_db
def test_vectors_of_another_encoder_are_refused(gallery):
    cat = create_category(gallery=gallery, name="Cat")
    other = EncoderRecord.objects.create(
        name="other", fingerprint="f" * 64, dimension=4, input_size=8, logit_scale=1
    )
    with pytest.raises(EncoderMismatch), transaction.atomic():
        log_additions(
            lock_gallery(gallery), [Embedding(gallery=gallery, category=cat, encoder=other)]
        )
    assert not Embedding.objects.exists()


@pytest.mark.django_db
def test_a_write_to_what_was_deleted_meanwhile_is_refused(gallery):
    cat = create_category(gallery=gallery, name="Cat")
    stale = type(cat).objects.get(pk=cat.pk)
    remove_category(gallery=gallery, category=cat)
    with pytest.raises(CategoryNotFound):
        describe(gallery=gallery, category=stale, texts=["a cat"])
    stale_gallery = Gallery.objects.get(pk=gallery.pk)
    remove_gallery(gallery=gallery)
    with pytest.raises(GalleryNotFound):
        create_category(gallery=stale_gallery, name="Dog")
