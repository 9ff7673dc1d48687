"""The whole service as an operator runs it, web server, worker and clock, in its own folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from tests.brokers import FOLDER, fresh_queue
from tests.databases import fresh_postgres, postgres_server

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 240


@dataclass(frozen=True)
class Service:
    url: str
    key: str
    process: psutil.Process

    def worker(self) -> psutil.Process | None:
        """The process that does jobs, with whatever it has started."""
        for each in self.process.children():
            if any(word.startswith("jobs-") for word in each.cmdline()):
                return each
        return None


@contextmanager
def running(folder: Path, models_dir: Path, **settings: str) -> Iterator[Service]:
    server = postgres_server()
    sqlite = nullcontext(f"sqlite:///{folder / 'oneshot.sqlite3'}")
    database_of = fresh_postgres(server) if server else sqlite
    with (
        database_of as database,
        fresh_queue(os.environ.get("ONESHOT_BROKER_URL", FOLDER)) as queue,
    ):
        environment = os.environ | {
            "ONESHOT_DATA_DIR": str(folder),
            "ONESHOT_MODELS_DIR": str(models_dir),
            "ONESHOT_ENCODER": "bundled",
            "ONESHOT_THREADS": "1",
            "DATABASE_URL": database,
            "ONESHOT_QUEUE": queue,
            **settings,
        }
        manage(environment, "migrate", "-v0")
        manage(environment, "encoder", "prepare")
        manage(environment, "shell", "-v0", "-c", ALICE)
        key = manage(environment, "apikey", "create", "tests", "--user", "alice").strip()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with (folder / "log").open("wb") as log:
            command = [sys.executable, "manage.py", "serve", "--port", str(port)]
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until(lambda: _answers(f"{url}/readyz"))
            yield Service(url, key, psutil.Process(process.pid))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


ALICE = 'from django.contrib.auth.models import User; User.objects.create_user("alice")'


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.check_output(command, cwd=ROOT, env=environment, text=True)


def wait_until(holds: Callable[[], bool], patience: float = PATIENCE, pause: float = 0.2) -> None:
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(pause)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False
