"""Cancel the imports whose plans nobody has confirmed; returns how many."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from recognition.core.errors import JobFinished, JobNotFound
from recognition.models import Job
from recognition.services.jobs.cancel_job import cancel_job

KEPT = timedelta(days=7)
"""How long a plan waits to be confirmed. Its archive takes room meanwhile."""


def drop_old_plans() -> int:
    """Cancel the imports whose plans nobody has confirmed; returns how many."""
    old = Job.objects.filter(state=Job.State.PLANNED, queued_at__lt=timezone.now() - KEPT)
    dropped = 0
    for job in old.select_related("gallery"):
        try:
            cancel_job(job=job)
        except (JobFinished, JobNotFound):
            continue
        dropped += 1
    return dropped
