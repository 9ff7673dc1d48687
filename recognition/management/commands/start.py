"""All that a machine needs before it serves, and then to serve: one command, in one process."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

HUB_PATIENCE_SECONDS = 20.0


class Command(BaseCommand):
    help = "Migrate, prepare the encoder, collect static files, seed the demo once, and serve."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))

    def handle(self, *args: Any, **options: Any) -> None:
        port = str(options["port"])
        call_command("migrate", verbosity=0)
        call_command("encoder", "prepare", timeout=HUB_PATIENCE_SECONDS)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("demo", port=port)
        self.stdout.flush()
        # A new process image: what preparing and seeding loaded does not stay in memory.
        os.execv(sys.executable, [sys.executable, sys.argv[0], "serve", "--port", port])  # noqa: S606
