"""Handing work to the worker."""

from __future__ import annotations

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def queue_on_commit(task: str, *arguments: int) -> None:
    """Have a task of ``recognition.worker.tasks`` run once the transaction has committed.

    What is queued must also be found by the sweep: a broker that is away, or a process that dies
    between the commit and the queue, then only delays it.
    """
    transaction.on_commit(lambda: _send(task, arguments), robust=True)


def queue(task: str, *arguments: int | str) -> None:
    """Have a task run for which no transaction is to be waited for."""
    _send(task, arguments)


def _send(task: str, arguments: tuple[int | str, ...]) -> None:
    try:
        current_app.send_task(f"recognition.tasks.{task}", args=arguments, retry=False)
    except (OperationalError, OSError):
        logger.exception("%s could not be queued; the sweep will", task)
