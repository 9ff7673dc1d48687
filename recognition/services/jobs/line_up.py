"""Jobs of one user wait for one another, so that those of all users take turns."""

from __future__ import annotations

from django.db.models import QuerySet

from recognition.models import UNFINISHED, Job
from recognition.services.queueing import queue_on_commit

LINED_UP = (Job.Kind.IMPORT, Job.Kind.EVALUATION)
"""What a user may start many of. A change of encoder is one a gallery."""


def waits_in_line(job_pk: int) -> bool:
    """Say whether an older job of the same user is unfinished: it has its turns first, and the end
    of it queues this one.
    """
    job = Job.objects.filter(pk=job_pk, kind__in=LINED_UP).first()
    return job is not None and _line(job).filter(pk__lt=job.pk).exists()


def queue_next(ended: Job) -> None:
    """Have the next job of the line done, once the transaction has committed."""
    if ended.kind in LINED_UP:
        following = _line(ended).exclude(pk=ended.pk).order_by("pk").first()
        if following is not None:
            queue_on_commit("run_job", following.pk)


def _line(job: Job) -> QuerySet[Job]:
    of_whom = (
        {"created_by": job.created_by_id} if job.created_by_id else {"gallery": job.gallery_id}
    )
    return Job.objects.filter(kind__in=LINED_UP, state__in=UNFINISHED, **of_whom)
