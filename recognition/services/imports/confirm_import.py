"""Let an import go on that waits for its plan to be confirmed."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from recognition.core.errors import JobNotFound, JobNotPlanned
from recognition.models import AuditAction, Job, JobRow
from recognition.services.audit.trail import record
from recognition.services.change_log import lock_gallery
from recognition.services.imports.start_import import checked_encoding
from recognition.services.queueing import queue_on_commit


@transaction.atomic
def confirm_import(
    *, job: Job, encoding: str = "", plan_again: bool = False, user: User | None = None
) -> Job:
    """Let an import go on that waits for its plan to be confirmed.

    ``encoding`` says in which the archive's names are, and has them read anew; with ``plan_again``
    the new plan waits to be confirmed in its turn. Raises JobNotPlanned, InvalidInput.
    """
    encoding = checked_encoding(encoding)
    lock_gallery(job.gallery)
    locked = Job.objects.select_for_update().filter(pk=job.pk).first()
    if locked is None:
        raise JobNotFound(f"The job {job.public_id!r} has been deleted.")
    if locked.state != Job.State.PLANNED:
        raise JobNotPlanned(f"The job is {locked.state}: there is no plan to confirm.")
    if encoding or plan_again:
        JobRow.objects.filter(job=locked).delete()
        locked.name_encoding = encoding
        locked.total, locked.plan, locked.skipped, locked.failed = None, None, 0, 0
    locked.dry_run = plan_again
    locked.confirmed_at = None if plan_again else timezone.now()
    locked.state = Job.State.QUEUED
    locked.queued_at = timezone.now()
    locked.save()
    if not plan_again:
        record(AuditAction.CONFIRM, locked, gallery=locked.gallery, user=user, encoding=encoding)
    queue_on_commit("run_job", locked.pk)
    return locked
