"""Cancel a job."""

from __future__ import annotations

from django.db import transaction

from recognition.core.errors import EncoderChangeState, JobFinished, JobNotFound
from recognition.models import OPEN_JOBS, Job
from recognition.services.change_log import lock_gallery
from recognition.services.jobs.finish import end


@transaction.atomic
def cancel_job(*, job: Job) -> Job:
    """Stop a job: what was enrolled stays, nothing is added from now on.

    Raises JobFinished, and EncoderChangeState for the work of a change of encoder: that is its
    owner's to cancel.
    """
    if job.kind == Job.Kind.ENCODER:
        raise EncoderChangeState("This is the work of a change of encoder: cancel the change.")
    lock_gallery(job.gallery)
    locked = Job.objects.select_for_update().filter(pk=job.pk).first()
    if locked is None:
        raise JobNotFound(f"The job {job.public_id!r} has been deleted.")
    if locked.state not in OPEN_JOBS:
        raise JobFinished(f"The job has {locked.state} already.")
    end(locked, Job.State.CANCELLED)
    return locked
