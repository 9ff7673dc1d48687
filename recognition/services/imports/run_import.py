"""A turn at an import."""

from __future__ import annotations

import time

from django.db import transaction
from django.db.models import Q

from recognition.core.errors import EncoderMismatch, NothingEnrolled
from recognition.models import Job, JobRow
from recognition.services.encoders.gallery_encoders import bulk_encoder_of
from recognition.services.imports.batching import BATCH_ROWS, in_batches
from recognition.services.imports.enrol_batch import enrol_batch
from recognition.services.imports.plan_import import plan_import
from recognition.services.imports.read_items import read_items
from recognition.services.jobs.lease import Lease, hold
from recognition.services.matching.gallery_model import Fitted, current, fitted

TURN_SECONDS = 15.0
CAUTIOUS = 2
"""The attempt without progress from which on files are enrolled one by one."""

HOPELESS = 5
"""The attempt without progress at which the first file is given up: it kills its workers."""


def run_import(lease: Lease, *, seconds: float = TURN_SECONDS) -> bool:
    """Go on with an import for about ``seconds``. Returns whether anything is left to do.

    Raises ArchiveError, EncoderError, NothingToEnrol, NothingEnrolled, LeaseLost,
    JobWaits.
    """
    job = lease.job
    deadline = time.monotonic() + seconds
    if job.total is None:
        plan_import(lease)
    encoder = bulk_encoder_of(job.gallery)
    if job.attempts >= HOPELESS:
        _give_up_first(lease)
    rows = 1 if job.attempts >= CAUTIOUS else BATCH_ROWS
    known: Fitted | None = None
    with job.archive.open("rb") as file:
        for batch in in_batches(read_items(lease, file, encoder), rows=rows):
            try:
                known = known or fitted(current(job.gallery))
                enrol_batch(lease, encoder, batch, known)
            except EncoderMismatch:
                # The gallery has another encoder since the turn began; the next turn takes that.
                return True
            if time.monotonic() > deadline:
                return True
    _check_something_was_done(job)
    return False


def _check_something_was_done(job: Job) -> None:
    """Raises NothingEnrolled where there was something to do and all of it failed."""
    rows = JobRow.objects.filter(job=job)
    done = Q(status=JobRow.Status.ENROLLED) | Q(code="duplicate")
    failed = rows.filter(status=JobRow.Status.FAILED).count()
    if failed and not rows.filter(done).exists():
        raise NothingEnrolled(f"None could be enrolled, {failed} failed; the rows say why.")


@transaction.atomic
def _give_up_first(lease: Lease) -> None:
    job = hold(lease)
    row = JobRow.objects.filter(job=job, status=JobRow.Status.PENDING).order_by("number").first()
    if row is None:
        return
    row.status = JobRow.Status.FAILED
    row.code = "worker_lost"
    row.detail = "The worker died whenever it came to this file."
    row.save(update_fields=["status", "code", "detail"])
    job.failed += 1
    job.attempts = CAUTIOUS
    job.save(update_fields=["failed", "attempts"])
