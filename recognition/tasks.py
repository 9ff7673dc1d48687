"""What the worker does: thin wrappers around services, taking primary keys."""

from __future__ import annotations

from celery import shared_task

from recognition.services.drop_index import drop_orphans
from recognition.services.files import run_file_deletions
from recognition.services.gallery_model import refit_stale
from recognition.services.idempotency import forget_old_requests
from recognition.services.snapshots import write_due_snapshots


@shared_task
def refit() -> int:
    """Learn anew from the large galleries that have changed."""
    return refit_stale()


@shared_task
def sweep() -> dict[str, int]:
    """Finish what a crash cut short and forget what is no longer needed."""
    return {
        "files": run_file_deletions(),
        "idempotent_requests": forget_old_requests(),
        "indexes": drop_orphans(),
    }


@shared_task
def write_snapshots() -> int:
    """Save indexes in which enough has changed, for processes to start from."""
    return write_due_snapshots()
