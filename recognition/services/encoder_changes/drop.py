"""The end of embeddings that no encoder of their gallery needs any more."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from recognition.models import (
    OPEN,
    Embedding,
    EncoderChange,
    EncoderRecord,
    Gallery,
    NegativeEmbedding,
    QueryEmbedding,
)
from recognition.services.change_log import lock_gallery

CHUNK = 2000
RETRY = timedelta(days=1)
"""How long what a failed change has embedded is kept, for it to be started again."""


def drop_forsaken() -> int:
    """Drop what is left in all galleries, where a process died before it had dropped it."""
    forsaken = EncoderChange.objects.exclude(state__in=OPEN).values("gallery").distinct()
    return sum(drop_forsaken_of(each) for each in Gallery.objects.filter(pk__in=forsaken))


def drop_forsaken_of(gallery: Gallery) -> int:
    """Delete a gallery's embeddings of encoders that are neither its own nor stand by. An index
    holds none of them, so nothing is logged. Returns how many went.
    """
    dropped = 0
    while count := _drop_some(gallery):
        dropped += count
    return dropped


@transaction.atomic
def _drop_some(gallery: Gallery) -> int:
    locked = lock_gallery(gallery)
    kept = _kept(locked)
    embeddings = Embedding.objects.filter(gallery=locked).exclude(encoder__in=kept)
    some = list(embeddings.values_list("pk", flat=True)[:CHUNK])
    Embedding.objects.filter(pk__in=some).delete()
    queries = QueryEmbedding.objects.filter(query__gallery=locked).exclude(encoder__in=kept)
    negatives = NegativeEmbedding.objects.filter(negative__gallery=locked).exclude(encoder__in=kept)
    return len(some) + queries.delete()[0] + negatives.delete()[0]


def _kept(gallery: Gallery) -> QuerySet[EncoderRecord]:
    changes = EncoderChange.objects.filter(gallery=gallery)
    failed_lately = Q(state=EncoderChange.State.FAILED, ended_at__gt=timezone.now() - RETRY)
    keeping = changes.filter(Q(state__in=OPEN) | failed_lately)
    return EncoderRecord.objects.filter(
        Q(pk=gallery.encoder_id)
        | Q(pk__in=keeping.values(encoder=F("source")))
        | Q(pk__in=keeping.values(encoder=F("target")))
    )
