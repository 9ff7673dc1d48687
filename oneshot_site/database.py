"""The database's connections, with a deadline on everything that waits for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, TypeVar

import psycopg
from psycopg import errors
from psycopg.abc import PQGen

Made = TypeVar("Made")

CONNECT_SECONDS = 5
BUSY_SECONDS = 30.0
"""The longest that a writer of SQLite waits for the others; it has one at a time."""

SLACK_SECONDS = 5.0
"""After the statement's own deadline, within which the server tells that it has passed."""

KEEPALIVES = {
    "keepalives": 1,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


class Deadlined(psycopg.Connection[Any]):
    """A connection that gives a silent server up: one that is stopped, or behind a network that
    swallows packets, holds to no deadline by itself.

    ``silence_seconds`` is how long an answer may take; None waits for ever.
    """

    silence_seconds: ClassVar[float | None] = None

    def wait(self, gen: PQGen[Made], interval: float = 0.1, timeout: float | None = None) -> Made:
        """Consume a generator of psycopg's. Raises OperationalError where the server is silent."""
        if timeout is not None or self.silence_seconds is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.silence_seconds)
        except errors._WaitTimeout as error:
            # Halfway through an exchange: nothing more can be asked by it.
            self.pgconn.finish()
            raise psycopg.OperationalError(
                f"the server was silent for {self.silence_seconds:.0f} s"
            ) from error


def database(given: dict[str, Any], data_dir: Path, seconds: float) -> dict[str, Any]:
    """Return Django's settings of a database, such as ``DATABASE_URL`` gave them; a statement may
    take ``seconds``, and as long as it likes with 0.
    """
    if given["ENGINE"] == "django.db.backends.sqlite3":
        return given | _sqlite(data_dir, seconds)
    options = given.get("OPTIONS", {})
    return given | {"OPTIONS": options | _postgresql(seconds), "CONN_HEALTH_CHECKS": True}


def _sqlite(data_dir: Path, seconds: float) -> dict[str, Any]:
    return {
        "OPTIONS": {
            # Writers queue for the lock at once instead of failing when a read turns into a write.
            "transaction_mode": "IMMEDIATE",
            "timeout": min(seconds or BUSY_SECONDS, BUSY_SECONDS),
            # What is deleted is overwritten, whatever the library was built with.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
            ),
        },
        # Each thread keeps its connection: to close the last one is to write the whole log back.
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": data_dir / "test.sqlite3"},
    }


def _postgresql(seconds: float) -> dict[str, Any]:
    pool: dict[str, Any] = {"min_size": 1, "max_size": 16, "timeout": 10}
    bounded: dict[str, Any] = {}
    if seconds:
        limited = type("Limited", (Deadlined,), {"silence_seconds": seconds + SLACK_SECONDS})
        pool["connection_class"] = limited
        bounded["options"] = f"-c statement_timeout={int(seconds * 1000)}"
        bounded["tcp_user_timeout"] = int((seconds + SLACK_SECONDS) * 1000)
    return {"connect_timeout": CONNECT_SECONDS, **KEEPALIVES, **bounded, "pool": pool}
