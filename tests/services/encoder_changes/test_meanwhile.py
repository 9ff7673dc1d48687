"""People enrol, remove and ask from many threads while the encoder is changed and changed back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from recognition.models import Change, Embedding, EncoderChange, Gallery
from recognition.services.categories.create_category import create_category
from recognition.services.categories.describe import describe
from recognition.services.encoder_changes.switch import roll_back, switch_encoder
from recognition.services.encoders.gallery_encoders import encoder_of
from recognition.services.indexes.replicas import replica_of
from recognition.services.removal import remove_prompt
from tests.services.encoder_changes.conftest import run

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 3


def test_nothing_is_lost_or_left_while_the_encoder_changes(pets, change, memory_broker):
    """Every acknowledged description is found at once by its own text, whichever the encoder."""
    over = threading.Event()
    stopped = threading.Barrier(WRITERS + 1)

    def write(number: int) -> list[str]:
        try:
            return _write(pets, number, over)
        finally:
            connection.close()
            stopped.wait(60)

    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, number) for number in range(WRITERS)]
        try:
            while change.state == EncoderChange.State.EMBEDDING:
                change = run(change)
            switched = switch_encoder(change=change)
            back = roll_back(change=switched)
        finally:
            over.set()
            stopped.wait(60)
        texts = {text for each in writers for text in each.result()}
    gallery = Gallery.objects.select_related("encoder").get(pk=pets.pk)
    assert back.state == EncoderChange.State.ROLLED_BACK
    kept = Embedding.objects.filter(prompt__text__startswith="thing")
    assert set(kept.values_list("prompt__text", flat=True)) == texts
    assert set(Embedding.objects.values_list("encoder", flat=True)) == {gallery.encoder_id}
    generations = list(Change.objects.values_list("generation", flat=True))
    assert generations == list(range(1, gallery.generation + 1))


def _write(pets: Gallery, number: int, over: threading.Event) -> list[str]:
    category = create_category(gallery=Gallery.objects.get(pk=pets.pk), name=f"Of {number}")
    kept: list[str] = []
    round_ = 0
    while not over.is_set() or not kept:
        text = f"thing number {round_} of writer {number}"
        gallery = Gallery.objects.select_related("encoder").get(pk=pets.pk)
        [prompt] = describe(gallery=gallery, category=category, texts=[text])
        _must_be_found(pets, text, prompt)
        if round_ % 2:
            remove_prompt(gallery=gallery, prompt=prompt)
        else:
            kept.append(text)
        round_ += 1
        over.wait(0.05)
    return kept


def _must_be_found(pets: Gallery, text: str, prompt) -> None:
    from recognition.core.errors import EncoderChanged
    from recognition.encoders.templates import encode_prompts

    while True:
        gallery = Gallery.objects.select_related("encoder").get(pk=pets.pk)
        try:
            vectors = encode_prompts(encoder_of(gallery), [text])
            [hits] = replica_of(gallery).search(vectors, 3)
        except EncoderChanged:
            continue
        found = Embedding.objects.filter(pk__in=[hit.id for hit in hits])
        assert prompt.pk in set(found.values_list("prompt", flat=True))
        return
