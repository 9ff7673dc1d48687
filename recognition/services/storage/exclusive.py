"""A lock that all processes of the service share."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from filelock import FileLock

from recognition.services.storage.index_places import index_folder

ASK_SECONDS = 1.0


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
    with _file_lock(name, poll=0.01):
        yield


def _file_lock(name: str, *, poll: float) -> FileLock:
    folder = index_folder() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{name}.lock", poll_interval=poll)


@contextmanager
def alone(name: str, *, database: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """As ``exclusive``, for what one process does for long: the others ask again every second, and
    no deadline of the database ends their wait.
    """
    using = connections[database]
    if using.vendor != "postgresql":
        with _file_lock(name, poll=ASK_SECONDS):
            yield
        return
    key = _key(name)
    while not _asked(using, "SELECT pg_try_advisory_lock(%s)", key):
        time.sleep(ASK_SECONDS)
    try:
        yield
    finally:
        _asked(using, "SELECT pg_advisory_unlock(%s)", key)


def _asked(using: Any, question: str, key: int) -> bool:
    with using.cursor() as cursor:
        cursor.execute(question, [key])
        return bool(cursor.fetchone()[0])


def _key(name: str) -> int:
    digest = hashlib.sha256(f"oneshot {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


@contextmanager
def _advisory_lock(name: str) -> Iterator[None]:
    key = _key(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
