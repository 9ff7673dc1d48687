"""Jobs and their rows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from recognition.core.errors import JobNotFound
from recognition.models import Gallery, Job, JobRow


def jobs_of(gallery: Gallery) -> QuerySet[Job]:
    return Job.objects.filter(gallery=gallery)


def get_job(gallery: Gallery, public_id: str) -> Job:
    try:
        return jobs_of(gallery).get(public_id=public_id)
    except Job.DoesNotExist:
        raise JobNotFound(f"The gallery {gallery.slug!r} has no job {public_id!r}.") from None


def rows_of(job: Job) -> QuerySet[JobRow]:
    return JobRow.objects.filter(job=job).select_related("reference")


def job_summary(job: Job) -> dict[str, Any]:
    """Return what became of a job, in numbers."""
    return {
        "job": job.public_id,
        "kind": job.kind,
        "state": str(job.state),
        "code": job.code,
        "total": job.total,
        "done": job.done,
        "enrolled": job.enrolled,
        "skipped": job.skipped,
        "failed": job.failed,
    }
