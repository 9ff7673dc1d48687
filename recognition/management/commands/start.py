"""All that a machine needs before it serves, and then to serve: one command."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from recognition.core.program import PROGRAM, TYPED
from recognition.management.processes import add_web_arguments

HUB_PATIENCE_SECONDS = 20.0
AS_ROOT = f"""\
You run this as root, so that a fault in it would be a fault of the whole machine. Give it a user:
    useradd --system --create-home oneshot
    chown -R oneshot {{data}}{" .venv" if PROGRAM == "manage.py" else ""}
    runuser -u oneshot -- env ONESHOT_DATA_DIR={{data}} {TYPED} start"""


class Command(BaseCommand):
    help = "Migrate, prepare the encoder, collect static files, seed the demo once, and serve."

    def add_arguments(self, parser: CommandParser) -> None:
        add_web_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        port = options["port"]
        if os.geteuid() == 0:
            self.stderr.write(self.style.WARNING(AS_ROOT.format(data=settings.DATA_DIR)))
        for stopping in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stopping, lambda number, _: sys.exit(128 + number))
        _side_by_side(_collect_static, partial(_prepare, port))
        passed = ("host", "port", "threads", "health_port")
        call_command("serve", **{name: options[name] for name in passed})


def _collect_static() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)


def _prepare(port: int) -> None:
    call_command("migrate", verbosity=0)
    call_command("encoder", "prepare", domains=True, timeout=HUB_PATIENCE_SECONDS)
    call_command("demo", port=port)


def _side_by_side(*works: Callable[[], object]) -> None:
    """Do each in a fork: it need not start anew, and what it loads does not stay in memory. Raises
    CommandError where one fails."""
    processes = [get_context("fork").Process(target=_work, args=(work,)) for work in works]
    for process in processes:
        process.start()
    try:
        for process in processes:
            process.join()
    finally:
        for process in processes:
            process.terminate()
            process.join()
    if any(process.exitcode for process in processes):
        raise CommandError("Nothing is served; the reason is above.")


def _work(work: Callable[[], object]) -> None:
    for stopping in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stopping, signal.SIG_DFL)
    try:
        work()
    except CommandError as error:
        sys.exit(f"CommandError: {error}")
