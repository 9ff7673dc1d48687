"""A turn at a change of encoder: embed beside, then compare."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from recognition.core.errors import WorkerLost
from recognition.models import Embedding, EncoderChange, EncoderRecord, Job, NegativeEmbedding
from recognition.services.encoder_changes.compare import compare
from recognition.services.encoder_changes.embed import (
    BATCH,
    embed_batch,
    embed_queries,
    standby_encoder,
)
from recognition.services.encoders.background import embed_cohort
from recognition.services.encoders.gallery_encoders import models_dir
from recognition.services.jobs.lease import Lease, hold, renew

TURN_SECONDS = 15.0
CAUTIOUS = 2
"""The attempt without progress from which on images are embedded one by one."""

HOPELESS = 5
"""The attempt without progress at which the change is given up: something kills its workers."""


def run_encoder_change(lease: Lease, *, seconds: float = TURN_SECONDS) -> bool:
    """Go on with a change for about ``seconds``. Returns whether anything is left to do.

    Raises ImageLost, EncoderError, LeaseLost.
    """
    job = lease.job
    if job.attempts >= HOPELESS:
        raise WorkerLost("The worker died again and again at the same image.")
    change = EncoderChange.objects.select_related("gallery__encoder", "source", "target").get(
        job=job
    )
    deadline = time.monotonic() + seconds
    encoder = standby_encoder(change)
    embed_cohort(encoder, models_dir())
    _count(lease, change)
    rows = 1 if job.attempts >= CAUTIOUS else BATCH
    more = True
    while more:
        more = embed_batch(change, encoder, _still_held(lease), rows=rows).more
        _count(lease, change)
        if more and time.monotonic() > deadline:
            return True
    for _ in embed_queries(change, encoder):
        renew(lease)
        if time.monotonic() > deadline:
            return True
    _compare(lease, change)
    return False


def _still_held(lease: Lease) -> Callable[[], Job]:
    return lambda: hold(lease)


@transaction.atomic
def _count(lease: Lease, change: EncoderChange) -> None:
    """Progress, which also shows that the worker lives; the gallery may grow meanwhile."""
    job = hold(lease)
    embeddings = Embedding.objects.filter(gallery_id=change.gallery_id)
    negatives = NegativeEmbedding.objects.filter(negative__gallery_id=change.gallery_id)
    before, job.total = job.enrolled, _made(change.source, embeddings, negatives)
    job.enrolled = _made(change.target, embeddings, negatives)
    if job.enrolled > before:
        job.attempts = job.errors = 0
    job.save(update_fields=["total", "enrolled", "attempts", "errors", "lease_until"])


def _made(encoder: EncoderRecord, *kinds: QuerySet[Any]) -> int:
    return sum(kind.filter(encoder=encoder).count() for kind in kinds)


def _compare(lease: Lease, change: EncoderChange) -> None:
    found = compare(change, alive=lambda: renew(lease))
    with transaction.atomic():
        hold(lease)
        change.comparison, change.standby_model = found.results, found.model.to_bytes()
        change.save(update_fields=["comparison", "standby_model"])
