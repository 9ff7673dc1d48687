"""A lock that all processes of the service share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from filelock import FileLock

from recognition.services.storage.index_places import index_folder


@contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Keep every other process out of what ``name`` stands for; a process that dies lets go.

    PostgreSQL gives an advisory lock of the session, which reaches as far as the database does.
    SQLite is used from one machine, where a locked file does.
    """
    if connection.vendor == "postgresql":
        with _advisory_lock(name):
            yield
        return
    folder = index_folder() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f"{name}.lock", poll_interval=0.01):
        yield


@contextmanager
def _advisory_lock(name: str) -> Iterator[None]:
    digest = hashlib.sha256(f"oneshot {name}".encode()).digest()
    key = int.from_bytes(digest[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
