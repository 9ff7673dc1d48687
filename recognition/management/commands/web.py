"""The web server alone, as one process: where each kind of process is run by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from recognition.management import processes


class Command(BaseCommand):
    help = "Serve the dashboard and the API; the worker and the clock are started elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        processes.add_web_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        processes.become(processes.web(options))
