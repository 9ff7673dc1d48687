"""A fresh deployment on each database that there is."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.stress.deployment import Deployment

POSTGRES = "ONESHOT_TEST_POSTGRES"


@pytest.fixture(params=["sqlite", "postgresql"])
def deployment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Deployment]:
    """On PostgreSQL where ONESHOT_TEST_POSTGRES names a server, without a database's name."""
    if request.param == "sqlite":
        fresh = Deployment(f"sqlite:///{tmp_path / 'stress.sqlite3'}", tmp_path)
        fresh.create()
        yield fresh
        return
    server = os.environ.get(POSTGRES)
    if not server:
        pytest.skip(f"{POSTGRES} names no PostgreSQL server")
    name = f"oneshot_stress_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            fresh = Deployment(f"{server}/{name}", tmp_path)
            fresh.create()
            yield fresh
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
