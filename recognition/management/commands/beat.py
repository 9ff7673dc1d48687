"""The clock: has the worker sweep, queue again, refit and save, again and again."""

from __future__ import annotations

from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand

from recognition.services.storage.exclusive import alone


class Command(BaseCommand):
    help = (
        "Have the worker do what is done from time to time. However many are started, one does so; "
        "the others wait to take its place."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with alone("beat"):
            current_app.start(["--quiet", "beat", "--pidfile=", "--loglevel", "warning"])
