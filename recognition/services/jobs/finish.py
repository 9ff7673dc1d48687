"""The end of a job, however it comes."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from recognition.core.errors import GalleryNotFound
from recognition.models import AuditAction, EncoderChange, EvaluatedImage, Event, Job, JobRow
from recognition.selectors.jobs import job_summary
from recognition.services.audit.trail import record
from recognition.services.change_log import lock_gallery
from recognition.services.jobs.lease import Lease, LeaseLost, hold
from recognition.services.jobs.line_up import queue_next
from recognition.services.storage.files import delete_files
from recognition.services.webhooks.record import record_event


@transaction.atomic
def finish(lease: Lease, state: Job.State, *, code: str = "", detail: str = "") -> None:
    """End a job that this worker holds. Raises LeaseLost."""
    try:
        lock_gallery(lease.job.gallery)
    except GalleryNotFound:
        raise LeaseLost(lease.job.public_id) from None
    end(hold(lease), state, code=code, detail=detail)


def end(locked: Job, state: Job.State, *, code: str = "", detail: str = "") -> None:
    """End a job inside the transaction that locked its gallery, then its row (in this order, as all
    do who lock both): what it did not get to is skipped, its
    archive goes, and whoever wants to know is told.
    """
    pending = JobRow.objects.filter(job=locked, status=JobRow.Status.PENDING)
    delete_files([locked.archive.name])
    EvaluatedImage.objects.filter(evaluation__job=locked).delete()
    locked.skipped += pending.update(status=JobRow.Status.SKIPPED, code=f"job_{state}")
    locked.state = state
    locked.code, locked.detail = code, detail
    locked.archive = ""
    locked.holder, locked.lease_until, locked.last_error = "", None, ""
    locked.finished_at = timezone.now()
    locked.save()
    _tell_change(locked, state)
    deed = AuditAction.CANCEL if state == Job.State.CANCELLED else AuditAction.FINISH
    record(deed, locked, gallery=locked.gallery, **job_summary(locked))
    record_event(locked.gallery, Event.JOB_FINISHED, job_summary(locked))
    queue_next(locked)


CHANGE_STATES = {
    Job.State.SUCCEEDED: EncoderChange.State.READY,
    Job.State.CANCELLED: EncoderChange.State.CANCELLED,
    Job.State.FAILED: EncoderChange.State.FAILED,
}


def _tell_change(locked: Job, state: Job.State) -> None:
    """The change of encoder that the job embeds for, if it does."""
    change = EncoderChange.objects.filter(job=locked, state=EncoderChange.State.EMBEDDING)
    if state is Job.State.SUCCEEDED:
        change.update(state=CHANGE_STATES[state])
    else:
        change.update(state=CHANGE_STATES[state], ended_at=locked.finished_at, standby_model=None)
