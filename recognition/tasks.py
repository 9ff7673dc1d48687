"""What the worker does: thin wrappers around services, taking primary keys."""

from __future__ import annotations

from celery import shared_task

from recognition.services.files import run_file_deletions
from recognition.services.gallery_model import refit_stale
from recognition.services.idempotency import forget_old_requests


@shared_task
def refit() -> int:
    """Learn anew from the large galleries that have changed."""
    return refit_stale()


@shared_task
def sweep() -> dict[str, int]:
    """Finish what a crash cut short and forget what is no longer needed."""
    return {"files": run_file_deletions(), "idempotent_requests": forget_old_requests()}
