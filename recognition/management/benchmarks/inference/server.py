"""The real web server on a data folder of its own, and clients that ask it to identify."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from recognition.conf import recognition_settings
from recognition.management.benchmarks.inference.processes import default_models_dir

_READY_SECONDS = 180.0
_IDENTIFY = "/api/v1/galleries/demo/identify/"


@dataclass(frozen=True, slots=True)
class Server:
    """A running web server: where, its key, its process and how soon it was ready."""

    port: int
    key: str
    pid: int
    ready_seconds: float
    environment: dict[str, str]


@dataclass(slots=True)
class Load:
    """What some clients got: seconds a request, statuses, and how long all took."""

    seconds: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    elapsed: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.elapsed

    def percentile_ms(self, percent: float) -> float:
        return float(np.percentile(self.seconds, percent)) * 1000


@contextmanager
def web_server(encoder: str, *, threads: int, web_threads: int = 8) -> Iterator[Server]:
    """gunicorn as ``manage.py serve`` starts it, over the demo gallery; nothing is remembered."""
    with tempfile.TemporaryDirectory(prefix="oneshot-benchmark-") as folder:
        environment = _environment(Path(folder), encoder, threads)
        _manage(environment, "migrate", "--verbosity", "0")
        _manage(environment, "demo")
        key = _manage(environment, "apikey", "create", "benchmark").strip()
        port = _free_port()
        start = time.perf_counter()
        command = [
            *(sys.executable, "-m", "gunicorn", "oneshot_site.wsgi", "--bind", f"127.0.0.1:{port}"),
            *("--worker-class", "gthread", "--workers", "1", "--threads", str(web_threads)),
            *("--timeout", "120", "--log-level", "warning", "--no-control-socket"),
        ]
        process = subprocess.Popen(command, env=environment)  # noqa: S603
        try:
            _wait_until_ready(port, process)
            ready = time.perf_counter() - start
            yield Server(port, key, process.pid, ready, environment)
        finally:
            process.terminate()
            process.wait(30)


def ask(
    server: Server, files: Sequence[bytes], *, clients: int, seconds: float = 0.0, count: int = 0
) -> Load:
    """Identify the files in turn, from so many clients at once, for so long or so often."""
    load, lock = Load(), threading.Lock()
    until = time.perf_counter() + seconds
    turns = iter(range(count)) if count else iter(range(10**9))

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        while count or time.perf_counter() < until:
            with lock:
                turn = next(turns, None)
            if turn is None:
                break
            start = time.perf_counter()
            status = _identify(connection, server.key, files[turn % len(files)])
            spent = time.perf_counter() - start
            with lock:
                load.seconds.append(spent)
                load.statuses.append(status)
        connection.close()

    start = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.elapsed = time.perf_counter() - start
    return load


def _identify(connection: http.client.HTTPConnection, key: str, data: bytes) -> int:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/octet-stream"}
    connection.request("POST", _IDENTIFY, body=data, headers=headers)
    response = connection.getresponse()
    response.read()
    return response.status


def _environment(folder: Path, encoder: str, threads: int) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "oneshot_site.settings",
        "ONESHOT_DATA_DIR": str(folder),
        "ONESHOT_MODELS_DIR": str(default_models_dir()),
        "ONESHOT_ENCODER": encoder,
        "ONESHOT_ENGINE": recognition_settings().engine,
        "ONESHOT_THREADS": str(threads),
        "ONESHOT_REMEMBERED_QUERIES": "0",
        "ONESHOT_RATE_PER_CALLER": "1000000/min",
    }


def _manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, sys.argv[0], *arguments]
    done = subprocess.run(  # noqa: S603
        command, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.perf_counter() + _READY_SECONDS
    while time.perf_counter() < until and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.05)
    raise TimeoutError("The web server did not get ready.")
