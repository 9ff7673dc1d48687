"""One turn at a job: some seconds of its work, so that jobs and deliveries share the worker."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

from django.db import connection
from django.db.models import F

from recognition.core.errors import RecognitionError
from recognition.models import Job
from recognition.services.audit.acting import Actor, acting
from recognition.services.encoder_changes.run import run_encoder_change
from recognition.services.evaluations.run_evaluation import run_evaluation
from recognition.services.imports.run_import import run_import
from recognition.services.jobs.finish import finish
from recognition.services.jobs.lease import JobWaits, Lease, LeaseLost, claim, release
from recognition.services.jobs.line_up import waits_in_line
from recognition.services.queueing import queue_on_commit

logger = logging.getLogger(__name__)

MAX_ERRORS = 5
PAUSE = timedelta(seconds=30)

TURNS: dict[str, Callable[[Lease], bool]] = {
    Job.Kind.IMPORT: run_import,
    Job.Kind.EVALUATION: run_evaluation,
    Job.Kind.ENCODER: run_encoder_change,
}
"""What does a turn of each kind of job, and returns whether anything is left to do."""


def take_turn(
    job_pk: int, *, beside: Callable[[Lease], AbstractContextManager[object]] = nullcontext
) -> None:
    """Do a turn of a job and queue the next, unless another worker is at it or it has ended.

    ``beside`` is entered while the lease is held.
    """
    if waits_in_line(job_pk):
        return
    lease = claim(job_pk)
    if lease is None:
        return
    starter = Actor(user=lease.job.created_by, key=lease.job.key_name)
    with beside(lease), acting(lambda: starter):
        _take_turn(lease)


def _take_turn(lease: Lease) -> None:
    try:
        if TURNS[lease.job.kind](lease):
            release(lease)
            queue_on_commit("run_job", lease.job.pk)
        else:
            finish(lease, Job.State.SUCCEEDED)
    except LeaseLost:
        logger.info("job %s was cancelled or taken over", lease.job)
    except JobWaits:
        logger.info("job %s waits to be confirmed", lease.job)
    except RecognitionError as error:
        if error.retryable:
            _try_later(lease, error)
        else:
            _fail(lease, error.code, error.detail)
    except Exception as error:
        logger.exception("job %s failed", lease.job)
        connection.close_if_unusable_or_obsolete()
        _try_later(lease, error)


def _try_later(lease: Lease, error: Exception) -> None:
    """Try again, some times, what an exception ended; the sweep queues it."""
    errors = Job.objects.values_list("errors", flat=True).filter(pk=lease.job.pk).first() or 0
    if errors + 1 >= MAX_ERRORS:
        _fail(lease, "job_failed", f"It failed {MAX_ERRORS} times, at last with {_told(error)}")
        return
    Job.objects.filter(pk=lease.job.pk, holder=lease.holder).update(
        errors=F("errors") + 1, attempts=0, last_error=_told(error)
    )
    release(lease, wait=PAUSE * (errors + 1))


def _told(error: Exception) -> str:
    """Tell what may be read by whoever sees the job: of a fault of ours its kind, and no more."""
    if isinstance(error, RecognitionError):
        return f"“{error.detail}”"
    return f"an error of the service ({type(error).__name__}); the worker's log says more."


def _fail(lease: Lease, code: str, detail: str) -> None:
    try:
        finish(lease, Job.State.FAILED, code=code, detail=detail)
    except LeaseLost:
        logger.info("job %s was cancelled or taken over", lease.job)
