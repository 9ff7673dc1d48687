"""What the worker does: thin wrappers around services, taking primary keys."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from celery import Task, shared_task
from django.db import DatabaseError

from recognition.services.accounts.sign_ins import forget_sign_ins
from recognition.services.curation.measure_references import measure_stale
from recognition.services.encoder_changes.catch_up import keep_in_step as keep_encoders_in_step
from recognition.services.encoder_changes.drop import drop_forsaken
from recognition.services.encoders.prepare_encoder import (
    prepare_encoder as services_prepare_encoder,
)
from recognition.services.idempotency import forget_old_requests
from recognition.services.imports.drop_old_plans import drop_old_plans
from recognition.services.indexes.drop_index import drop_orphans
from recognition.services.indexes.snapshots import write_due_snapshots
from recognition.services.matching.gallery_model import (
    fit_gallery as services_fit_gallery,
)
from recognition.services.matching.gallery_model import refit_stale
from recognition.services.queries.forget_queries import forget_queries
from recognition.services.storage.erase_names import erase_names
from recognition.services.storage.files import run_file_deletions
from recognition.services.storage.measure_files import measure_files
from recognition.services.storage.ownerless_files import delete_ownerless_files
from recognition.services.storage.write_log_back import write_log_back
from recognition.services.webhooks.deliver import deliver
from recognition.services.webhooks.forget_deliveries import forget_deliveries
from recognition.services.worker_seen import note_worker
from recognition.worker.keep_lease import keep_lease
from recognition.worker.redeliver_due import redeliver_due
from recognition.worker.requeue_jobs import requeue_jobs
from recognition.worker.take_turn import take_turn

logger = logging.getLogger(__name__)

SWEPT: Mapping[str, Callable[[], int]] = {
    "queries": forget_queries,
    "files": run_file_deletions,
    "idempotent_requests": forget_old_requests,
    "deliveries": forget_deliveries,
    "sign_ins": forget_sign_ins,
    "names": erase_names,
    # Last, so that what the others have deleted is in no log any more.
    "log": write_log_back,
    "indexes": drop_orphans,
    "embeddings": drop_forsaken,
    "plans": drop_old_plans,
    "sizes": measure_files,
}

# Tasks keep the names of version 0.1.0: messages that wait in a queue carry them.

PREPARE_SECONDS = 600.0
"""That a download of weights may take; the next try goes on from there."""

HELD = timedelta(minutes=5)
"""The longest that a message waits in a worker; brokers take a longer silence for a death. What
waits longer is found by ``requeue``."""


@shared_task(name="recognition.tasks.refit")
def refit() -> int:
    """Learn anew from the large galleries that have changed."""
    return refit_stale()


@shared_task(name="recognition.tasks.fit_gallery")
def fit_gallery(pk: int) -> bool:
    """Learn from a large gallery that a request found not fitted."""
    return services_fit_gallery(pk)


@shared_task(name="recognition.tasks.prepare_encoder")
def prepare_encoder(name: str) -> str:
    """Prepare an encoder that a request found missing."""
    spec = services_prepare_encoder(name, timeout=PREPARE_SECONDS, say=logger.warning)
    return spec.fingerprint


@shared_task(name="recognition.tasks.measure")
def measure() -> int:
    """Measure the references of galleries that have changed, for their curators."""
    return measure_stale()


@shared_task(name="recognition.tasks.sweep")
def sweep() -> dict[str, int]:
    """Finish what a crash cut short and forget what is no longer needed."""
    return {name: done for name, step in SWEPT.items() if (done := _tried(name, step)) is not None}


def _tried(name: str, step: Callable[[], int]) -> int | None:
    """None where it failed, which keeps no other step from being done."""
    try:
        return step()
    except Exception:
        logger.exception("%s could not be swept; the next sweep tries again", name)
        return None


@shared_task(name="recognition.tasks.sweep_files")
def sweep_files() -> int:
    """Delete the images that a crash left without a row, which takes a look at all of them."""
    return delete_ownerless_files()


@shared_task(name="recognition.tasks.write_snapshots")
def write_snapshots() -> int:
    """Save indexes in which enough has changed, for processes to start from."""
    return write_due_snapshots()


@shared_task(name="recognition.tasks.keep_in_step")
def keep_in_step() -> int:
    """Embed what was enrolled meanwhile in galleries that change their encoder."""
    return keep_encoders_in_step()


@shared_task(
    name="recognition.tasks.run_job",
    autoretry_for=(DatabaseError,),
    retry_backoff=True,
    max_retries=6,
)
def run_job(job: int) -> None:
    """Do a turn of a job; it queues the next itself. A database that is away for a minute does not
    cost the message.
    """
    take_turn(job, beside=keep_lease)


@shared_task(name="recognition.tasks.deliver_webhook", bind=True, max_retries=None)
def deliver_webhook(self: Task, delivery: int) -> None:
    """Send a delivery, again and again until it is settled."""
    wait = deliver(delivery)
    if wait is not None and wait <= HELD:
        raise self.retry(countdown=wait.total_seconds())


@shared_task(name="recognition.tasks.requeue")
def requeue() -> dict[str, int]:
    """Queue what is due and has no message on its way: its worker died, or the broker was away."""
    note_worker()
    return {"jobs": requeue_jobs(), "deliveries": redeliver_due()}
