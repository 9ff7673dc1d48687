"""What was deleted lies in SQLite's write-ahead log until that is written back."""

from __future__ import annotations

from django.db import connection


def write_log_back() -> int:
    """Write the log into the database and empty it, as far as no reader needs it. Returns whether
    that was done; other databases see to their logs themselves.
    """
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [busy, *_] = cursor.fetchone()
    return int(not busy)
