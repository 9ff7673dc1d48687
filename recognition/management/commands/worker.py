"""The worker alone: jobs, webhooks' messages, or both in a process each."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from recognition.management import processes


class Command(BaseCommand):
    help = "Do jobs and send webhooks' messages, until interrupted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--only",
            choices=[processes.JOBS, processes.WEBHOOKS],
            help="Do one of the two, in this very process.",
        )
        parser.add_argument(
            "--jobs", type=int, default=1, help="How many jobs are worked at side by side."
        )
        parser.add_argument(
            "--senders",
            type=int,
            default=processes.SENDERS,
            help="How many messages to webhooks are sent at a time.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        threads = {processes.JOBS: options["jobs"], processes.WEBHOOKS: options["senders"]}
        commands = {kind: processes.worker(kind, count) for kind, count in threads.items()}
        if only := options["only"]:
            processes.become(commands[only])
        processes.supervise(commands)
