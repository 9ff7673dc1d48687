"""The real web server on a data folder of its own, and clients that ask it to identify."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from recognition.benchmarks.inference.load import Ask
from recognition.core.configuration import recognition_settings

_READY_SECONDS = 300.0
_IDENTIFY = "/api/v1/galleries/demo/identify/"
_BOUNDARY = "oneshot-benchmark-4be1c0f2"
_HEAD = (
    f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="photo"\r\n'
    "Content-Type: application/octet-stream\r\n\r\n"
).encode()
_TAIL = f"\r\n--{_BOUNDARY}--\r\n".encode()


@dataclass(frozen=True, slots=True)
class Installation:
    """A data folder with the demo gallery, and the environment of its processes."""

    folder: Path
    environment: dict[str, str]
    key: str

    def run(self, *arguments: str) -> str:
        """What a Python process of the installation prints."""
        return _python(self.environment, *arguments)


@dataclass(frozen=True, slots=True)
class Server:
    """A running web server: where, its key, its process and how soon it was ready."""

    port: int
    key: str
    pid: int
    ready_seconds: float

    def identify(self, data: bytes, connection: http.client.HTTPConnection) -> tuple[int, bytes]:
        """Status and body of the answer."""
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
        }
        connection.request("POST", _IDENTIFY, body=_HEAD + data + _TAIL, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def client(self, files: Sequence[bytes]) -> Ask:
        """A client with a connection of its own that asks for the files in turn."""
        connection = self.connect()
        return lambda turn: self.identify(files[turn % len(files)], connection)[0]


@contextmanager
def installation(encoder: str, *, models_dir: Path, threads: int) -> Iterator[Installation]:
    """Migrated, with the demo gallery and a key; no query's embedding is remembered."""
    with tempfile.TemporaryDirectory(prefix="oneshot-benchmark-") as folder:
        environment = _environment(Path(folder), encoder, models_dir, threads)
        _python(environment, "-m", "django", "migrate", "--verbosity", "0")
        _python(environment, "-m", "django", "demo")
        key = _python(environment, "-m", "django", "apikey", "create", "benchmark").strip()
        yield Installation(Path(folder), environment, key)


@contextmanager
def web_server(installed: Installation, *, web_threads: int = 8) -> Iterator[Server]:
    """The web process as ``manage.py serve`` starts it."""
    port = _free_port()
    start = time.perf_counter()
    command = [
        *(sys.executable, "-m", "oneshot_site.server"),
        *("--port", str(port), "--threads", str(web_threads)),
    ]
    process = subprocess.Popen(command, env=installed.environment)  # noqa: S603
    try:
        _wait_until_ready(port, process)
        yield Server(port, installed.key, process.pid, time.perf_counter() - start)
    finally:
        process.terminate()
        process.wait(30)


def _environment(folder: Path, encoder: str, models_dir: Path, threads: int) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "oneshot_site.settings",
        "ONESHOT_DATA_DIR": str(folder),
        "ONESHOT_MODELS_DIR": str(models_dir),
        "ONESHOT_ENCODER": encoder,
        "ONESHOT_ENGINE": recognition_settings().engine,
        "ONESHOT_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": "1",
        "ONESHOT_REMEMBERED_QUERIES": "0",
        "ONESHOT_RATE_PER_CALLER": "1000000/min",
    }


def _python(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603
        [sys.executable, *arguments], env=environment, stdout=subprocess.PIPE, text=True, check=True
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
