"""Who may work on a job: one worker at a time, and another when it is not heard of any more.

A lease with a fencing check: every change that a worker makes for a job is committed in a
transaction that holds the job's row and has seen that the worker still has the lease.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from recognition.core.configuration import recognition_settings
from recognition.models import UNFINISHED, Job


class LeaseLost(Exception):
    """The job was cancelled, deleted, or taken over by another worker."""


class JobWaits(Exception):
    """The job has let go of its lease until a person says that it may go on."""


@dataclass(slots=True)
class Lease:
    """The right to work on a job. ``job`` is as it was when the lease was taken."""

    job: Job
    holder: str
    renewed_at: float = field(default_factory=time.monotonic)


def claim(job_pk: int) -> Lease | None:
    """Take the lease of an unfinished job; None where another worker has it."""
    now = timezone.now()
    holder = secrets.token_hex(8)
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    claimed = Job.objects.filter(free, pk=job_pk, state__in=UNFINISHED).update(
        state=Job.State.RUNNING,
        holder=holder,
        lease_until=_until(now),
        attempts=F("attempts") + 1,
    )
    if not claimed:
        return None
    Job.objects.filter(pk=job_pk, started_at__isnull=True).update(started_at=now)
    job = Job.objects.select_related("gallery__encoder", "created_by").filter(pk=job_pk).first()
    return Lease(job, holder) if job else None


def renew(lease: Lease) -> None:
    """Say that the worker lives; to be called often, it writes seldom. Raises LeaseLost."""
    if time.monotonic() - lease.renewed_at < recognition_settings().job_lease_seconds / 4:
        return
    if not extend(lease):
        raise LeaseLost(lease.job.public_id)
    lease.renewed_at = time.monotonic()


def extend(lease: Lease) -> bool:
    """Put off the end of the lease; False where it is lost."""
    return bool(_held(lease).update(lease_until=_until(timezone.now())))


def hold(lease: Lease) -> Job:
    """Lock the job's row until the transaction ends, and return it. Raises LeaseLost."""
    job = _held(lease).select_for_update().first()
    if job is None:
        raise LeaseLost(lease.job.public_id)
    job.lease_until = _until(timezone.now())
    lease.renewed_at = time.monotonic()
    return job


def release(lease: Lease, *, wait: timedelta = timedelta()) -> None:
    """Let go of the lease; nobody may take it for ``wait``."""
    now = timezone.now()
    _held(lease).update(holder="", lease_until=now + wait if wait else None, queued_at=now)


def _held(lease: Lease) -> QuerySet[Job]:
    return Job.objects.filter(pk=lease.job.pk, holder=lease.holder, state=Job.State.RUNNING)


def _until(now: datetime) -> datetime:
    return now + timedelta(seconds=recognition_settings().job_lease_seconds)
