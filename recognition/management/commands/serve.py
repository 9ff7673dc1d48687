"""Web server, workers and clock: started and stopped together, each restarted if it dies."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from recognition.management import processes


class Command(BaseCommand):
    help = "Serve the dashboard and the API, with the worker beside them, until interrupted."

    def add_arguments(self, parser: CommandParser) -> None:
        processes.add_web_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        processes.supervise(
            {
                "web": processes.web(options),
                "worker": processes.worker(processes.JOBS, threads=1),
                "webhooks": processes.worker(processes.WEBHOOKS, threads=processes.SENDERS),
                "clock": processes.beat(),
            }
        )
