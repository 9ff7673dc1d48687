"""Web server, workers and clock: started and stopped together, each restarted if it dies."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

WEB_THREADS = 8
SENDERS = 8
"""Messages that are sent at a time: each may take 15 seconds, and takes no processor."""

JOBS = settings.CELERY_TASK_DEFAULT_QUEUE
WEBHOOKS = settings.CELERY_TASK_ROUTES["recognition.tasks.deliver_webhook"]["queue"]
RETRY_FOR_EVER = -1
MEMORY = {"MALLOC_ARENA_MAX": "4", "MALLOC_MMAP_THRESHOLD_": "8388608"}
"""What glibc (mallopt(3)) otherwise keeps of freed memory: an arena for each of many threads, and
the blocks of 16 MB that Pillow decodes into, once it has seen one of them freed."""


class Command(BaseCommand):
    help = "Serve the dashboard and the API, with the worker beside them, until interrupted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--threads", type=int, default=WEB_THREADS)
        parser.add_argument(
            "--health-port",
            type=int,
            default=settings.HEALTH_PORT,
            help="Where health and metrics are answered besides, whatever else goes on.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        from circus import get_arbiter

        logging.getLogger("circus").setLevel(logging.ERROR)
        # While its watchers stop, circus refuses its own periodic check, and tornado logs that.
        logging.getLogger("tornado.application").setLevel(logging.CRITICAL)
        with tempfile.TemporaryDirectory(prefix="oneshot-") as folder:
            arbiter = get_arbiter(
                [
                    _watcher("web", _web(options)),
                    _watcher("worker", _worker("jobs", JOBS, threads=1)),
                    _watcher("webhooks", _worker("webhooks", WEBHOOKS, threads=SENDERS)),
                    _watcher("clock", _celery("beat", "--pidfile=")),
                ],
                controller=f"ipc://{folder}/controller",
                pubsub_endpoint=f"ipc://{folder}/pubsub",
                check_delay=0.5,
            )
            arbiter.start()


def _watcher(name: str, command: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "cmd": command[0],
        "args": command[1:],
        "env": {**MEMORY, **os.environ},
        "working_dir": os.getcwd(),
        "graceful_timeout": 20,
        "stop_children": False,
        "max_retry": RETRY_FOR_EVER,
    }


def _web(options: dict[str, Any]) -> list[str]:
    """One process with threads: the weights are in memory once, loaded after the fork."""
    return [
        *(sys.executable, "-m", "oneshot_site.server"),
        *("--host", options["host"], "--port", str(options["port"])),
        *("--threads", str(options["threads"]), "--health-port", str(options["health_port"])),
    ]


def _worker(name: str, queue: str, *, threads: int) -> list[str]:
    return _celery(
        *("worker", "--hostname", f"{name}@%h", "--queues", queue),
        *("--pool", "threads", "--concurrency", str(threads)),
    )


def _celery(*arguments: str) -> list[str]:
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "oneshot_site"]
    return [*command, *arguments, "--loglevel", "warning"]
