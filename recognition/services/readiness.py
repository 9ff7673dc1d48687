"""Find out within a bounded time if this process can answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Lock
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from recognition.services.encoders import warm_up
from recognition.services.indexes.replicas import changes_to_apply
from recognition.services.worker_seen import is_heard

logger = logging.getLogger(__name__)

SECONDS = 2.0
"""For all that is looked at together: who asks gives up soon after."""

LAGS = 10_000
"""Changes that a replica has to apply before its next search: some seconds' work."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """``checks`` are those that must hold; ``degraded`` names what does not hold and leaves most
    requests answered.
    """

    checks: dict[str, bool]
    degraded: list[str] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        return all(self.checks.values())


class _Look:
    """A look at one part, on a thread of its own: one that hangs holds up nobody else, and is not
    begun again before it ends.
    """

    def __init__(self, part: str, look: Callable[[], bool]) -> None:
        self._part = part
        self._look = look
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=f"readiness-{part}")
        self._lock = Lock()
        self._running: Future[bool] | None = None

    def begin(self) -> Future[bool]:
        with self._lock:
            if self._running is None or self._running.done():
                self._running = self._pool.submit(self._run)
            return self._running

    def _run(self) -> bool:
        try:
            return self._look()
        except Exception as error:
            logger.warning("not ready: %s: %s: %s", self._part, type(error).__name__, error)
            connection.close()
            return False
        finally:
            if connection.vendor == "postgresql":
                connection.close()


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


_migrated = False


def _is_migrated() -> bool:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _media_takes_files() -> bool:
    name = default_storage.save(f"readiness/{uuid4().hex}", ContentFile(b"ready"))
    default_storage.delete(name)
    return True


_NEEDED = {
    "database": _Look("database", _database_answers),
    "migrations": _Look("migrations", _is_migrated),
    "media": _Look("media", _media_takes_files),
}
_WISHED = {
    "worker_silent": _Look("worker", is_heard),
    "index_behind": _Look("index", lambda: changes_to_apply() < LAGS),
}


def readiness() -> Readiness:
    """Look at every part, for at most ``SECONDS`` in all."""
    needed = {part: look.begin() for part, look in _NEEDED.items()}
    wished = {trouble: look.begin() for trouble, look in _WISHED.items()}
    wait([*needed.values(), *wished.values()], timeout=SECONDS)
    checks = {part: _holds(looked) for part, looked in needed.items()}
    checks["encoder"] = warm_up.is_warm()
    checks["encoders"] = warm_up.are_others_tried()
    degraded = [trouble for trouble, looked in wished.items() if not _holds(looked)]
    degraded += [f"encoder {name}: {code}" for name, code in warm_up.troubles().items()]
    return Readiness(checks, degraded)


def _holds(looked: Future[bool]) -> bool:
    return looked.done() and looked.result()
