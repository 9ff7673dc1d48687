"""The service's processes: how each is started, by itself or with others that end together."""

from __future__ import annotations

import logging
import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import CommandParser

WEB_THREADS = 8
SENDERS = 8
"""Messages that are sent at a time: each may take 15 seconds, and takes no processor."""

JOBS = "jobs"
WEBHOOKS = "webhooks"
RETRY_FOR_EVER = -1
MEMORY = {"MALLOC_ARENA_MAX": "4", "MALLOC_MMAP_THRESHOLD_": "8388608"}
"""What glibc (mallopt(3)) otherwise keeps of freed memory: an arena for each of many threads, and
the blocks of 16 MB that Pillow decodes into, once it has seen one of them freed."""

DRAIN_SECONDS = 20
_TIED = Path(__file__).with_name("tied.py")


def add_web_arguments(parser: CommandParser) -> None:
    """Add what says where the web server listens, and by how many threads it answers."""
    parser.add_argument("--host", default="127.0.0.1", help="The address that it listens on.")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--threads", type=int, default=WEB_THREADS)
    parser.add_argument(
        "--health-port",
        type=int,
        default=settings.HEALTH_PORT,
        help="Where health and metrics are answered besides, whatever else goes on.",
    )


def web(options: dict[str, Any]) -> list[str]:
    """One process with threads: the weights are in memory once, loaded after the fork."""
    return [
        *(sys.executable, "-m", "oneshot_site.server"),
        *("--host", options["host"], "--port", str(options["port"])),
        *("--threads", str(options["threads"]), "--health-port", str(options["health_port"])),
    ]


def worker(kind: str, threads: int) -> list[str]:
    """A Celery worker of one of the two queues, by a name that no other has: of two of one name,
    Celery hears one.
    """
    queue = settings.CELERY_TASK_DEFAULT_QUEUE
    if kind == WEBHOOKS:
        queue = settings.CELERY_TASK_ROUTES["recognition.tasks.deliver_webhook"]["queue"]
    return [
        *(sys.executable, "-m", "celery", "--quiet", "--app", "oneshot_site", "worker"),
        *("--hostname", f"{kind}-{os.getpid()}-{secrets.token_hex(2)}@%h", "--queues", queue),
        *("--pool", "threads", "--concurrency", str(threads), "--loglevel", "warning"),
    ]


def beat() -> list[str]:
    """The clock, of which one ticks at a time."""
    return [sys.executable, "-m", "django", "beat"]


def become(command: list[str]) -> NoReturn:
    """Replace this process by a command: whoever supervises it sees, and stops, the command."""
    os.execve(command[0], command, _environment())  # noqa: S606


def supervise(commands: dict[str, list[str]]) -> None:
    """Run commands until interrupted, each started again if it dies; they end with this process,
    however that ends.
    """
    from circus import get_arbiter

    logging.getLogger("circus").setLevel(logging.ERROR)
    # While its watchers stop, circus refuses its own periodic check, and tornado logs that.
    logging.getLogger("tornado.application").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="oneshot-") as folder:
        arbiter = get_arbiter(
            [_watcher(name, command) for name, command in commands.items()],
            controller=f"ipc://{folder}/controller",
            pubsub_endpoint=f"ipc://{folder}/pubsub",
            check_delay=0.5,
        )
        arbiter.start()


def _watcher(name: str, command: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "cmd": sys.executable,
        "args": [str(_TIED), str(os.getpid()), *command],
        "env": _environment(),
        "working_dir": os.getcwd(),
        "graceful_timeout": DRAIN_SECONDS,
        "stop_children": False,
        "max_retry": RETRY_FOR_EVER,
    }


def _environment() -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "oneshot_site.settings", **MEMORY, **os.environ}
