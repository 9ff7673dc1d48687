"""All that a machine needs before it serves, and then to serve: one command."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

HUB_PATIENCE_SECONDS = 20.0


class Command(BaseCommand):
    help = "Migrate, prepare the encoder, collect static files, seed the demo once, and serve."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))

    def handle(self, *args: Any, **options: Any) -> None:
        port = str(options["port"])
        with _beside("collectstatic", "--no-input", "--verbosity", "0"):
            call_command("migrate", verbosity=0)
            call_command("encoder", "prepare", timeout=HUB_PATIENCE_SECONDS)
            call_command("demo", port=port)
        self.stdout.flush()
        # A new process image: what preparing and seeding loaded does not stay in memory.
        os.execv(sys.executable, [sys.executable, sys.argv[0], "serve", "--port", port])  # noqa: S606


@contextmanager
def _beside(*command: str) -> Iterator[None]:
    """Run a command in a process of its own meanwhile. Raises CommandError where it fails."""
    process = subprocess.Popen([sys.executable, sys.argv[0], *command])  # noqa: S603
    try:
        yield
    except BaseException:
        process.terminate()
        raise
    finally:
        status = process.wait()
    if status:
        raise CommandError(f"{command[0]} failed; its error is above.")
