"""Queue jobs again whose message was lost."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from recognition.models import UNFINISHED, Job
from recognition.services.queueing import queue_on_commit

OVERDUE = timedelta(minutes=5)
"""After which a job that nobody has taken is queued again: its message may be lost."""


@transaction.atomic
def requeue_jobs() -> int:
    """Queue the jobs whose worker has died, and those whose message may be lost."""
    now = timezone.now()
    abandoned = Q(lease_until__lt=now)
    waiting = Q(lease_until__isnull=True, queued_at__lt=now - OVERDUE)
    jobs = Job.objects.filter(abandoned | waiting, state__in=UNFINISHED)
    due = list(jobs.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Job.objects.filter(pk__in=due).update(lease_until=None, holder="", queued_at=now)
    for pk in due:
        queue_on_commit("run_job", pk)
    return len(due)
