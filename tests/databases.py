"""Databases that processes of their own connect to."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

POSTGRES = "ONESHOT_TEST_POSTGRES"
"""Names a server, without a database's name."""


def postgres_server() -> str | None:
    return os.environ.get(POSTGRES)


@contextmanager
def fresh_postgres(server: str) -> Iterator[str]:
    """The address of an empty database, dropped afterwards."""
    name = f"oneshot_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{server}/{name}"
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
