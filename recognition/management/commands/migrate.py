"""Django's migrate, one process at a time: nodes of an installation are often started together."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from recognition.services.storage.exclusive import alone


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with alone("migrate", database=options["database"]):
            _without_deadlines(options["database"])
            super().handle(*args, **options)


def _without_deadlines(database: str) -> None:
    """A large table takes as long as it takes."""
    using = connections[database]
    if using.vendor == "postgresql":
        with using.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        using.connection.silence_seconds = None
