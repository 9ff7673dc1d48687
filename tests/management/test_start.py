"""One command from an empty folder to a page, and everything gone when it is stopped.

ONESHOT_TEST_BROKERS names more brokers to start with, besides the folder that is the default.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import psutil
import pytest

from recognition.client import Client
from recognition.worker.requeue_jobs import OVERDUE
from tests.brokers import FOLDER, fresh_queue
from tests.databases import fresh_postgres, postgres_server
from tests.photos import photo

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240
BROKERS = [FOLDER, *os.environ.get("ONESHOT_TEST_BROKERS", "").split()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, path: str = "/healthz") -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    server = postgres_server()
    sqlite = nullcontext(f"sqlite:///{tmp_path / 'oneshot.sqlite3'}")
    with fresh_postgres(server) if server else sqlite as url:
        yield url


@pytest.fixture(params=BROKERS, ids=lambda url: url.partition(":")[0])
def environment(
    request, tmp_path: Path, models_dir: Path, database: str
) -> Iterator[dict[str, str]]:
    with fresh_queue(request.param) as queue:
        yield os.environ | {
            "ONESHOT_DATA_DIR": str(tmp_path),
            "ONESHOT_MODELS_DIR": str(models_dir),
            "ONESHOT_ENCODER": "bundled",
            "ONESHOT_THREADS": "1",
            "DATABASE_URL": database,
            "ONESHOT_BROKER_URL": request.param,
            "ONESHOT_QUEUE": queue,
        }


@pytest.fixture
def started(
    tmp_path: Path, environment: dict[str, str]
) -> Iterator[tuple[psutil.Process, int, Path]]:
    port, log = free_port(), tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until(lambda: answers(port))
            yield psutil.Process(process.pid), port, log
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait(60)
            print(log.read_text())


def child(parent: psutil.Process, word: str) -> psutil.Process | None:
    for each in parent.children():
        if any(argument.startswith(word) for argument in each.cmdline()):
            return each
    return None


def key_of(environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", "apikey", "create", "tests"]
    return subprocess.check_output(command, cwd=ROOT, env=environment, text=True).strip()


def import_a_photo(port: int, key: str, folder: Path) -> None:
    """Through the queue: the web server takes the archive, the worker enrols what it holds."""
    archive = folder / "photos.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("Coins/coins.png", photo("coins.png"))
    with Client(f"http://127.0.0.1:{port}", api_key=key) as client:
        job = client.start_import("demo", archive, create=True)
        job = client.wait_for_job("demo", job.id, timeout=OVERDUE.total_seconds() + PATIENCE)
    assert (job.succeeded, job.enrolled, job.failed) == (True, 1, 0), job


def test_it_serves_works_restarts_what_dies_and_stops_as_one(started, environment, tmp_path):
    process, port, log = started
    printed = log.read_text()
    assert f"http://127.0.0.1:{port}/" in printed
    assert "admin_password" in printed
    assert "manage.py identify demo" in printed
    wait_until(lambda: answers(port, "/readyz"))

    web, worker, clock = (child(process, word) for word in ("oneshot_site.server", "jobs-", "beat"))
    assert web and worker and clock
    for victim in (web, worker):
        for each in [victim, *victim.children(recursive=True)]:
            each.kill()
    wait_until(lambda: answers(port))
    wait_until(lambda: child(process, "jobs-") is not None)
    assert child(process, "jobs-").pid != worker.pid
    import_a_photo(port, key_of(environment), tmp_path)

    family = [process, *process.children(recursive=True)]
    process.send_signal(signal.SIGTERM)
    _, alive = psutil.wait_procs(family, timeout=60)
    assert alive == []
    assert not answers(port)
