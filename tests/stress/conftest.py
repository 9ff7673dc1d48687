"""A fresh deployment on each database that there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import POSTGRES, fresh_postgres, postgres_server
from tests.stress.deployment import Deployment


@pytest.fixture(params=["sqlite", "postgresql"])
def deployment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Deployment]:
    if request.param == "sqlite":
        fresh = Deployment(f"sqlite:///{tmp_path / 'stress.sqlite3'}", tmp_path)
        fresh.create()
        yield fresh
        return
    server = postgres_server()
    if not server:
        pytest.skip(f"{POSTGRES} names no PostgreSQL server")
    with fresh_postgres(server) as url:
        fresh = Deployment(url, tmp_path)
        fresh.create()
        yield fresh
