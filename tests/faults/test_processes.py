"""Processes that are started by themselves, many of a kind, and what a kill leaves behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from recognition.client import Client
from tests.brokers import FOLDER, fresh_queue
from tests.databases import fresh_postgres, postgres_server
from tests.photos import photo
from tests.service import ALICE, ROOT, manage, wait_until


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@contextmanager
def database_in(folder: Path) -> Iterator[str]:
    if server := postgres_server():
        with fresh_postgres(server) as url:
            yield url
    else:
        yield f"sqlite:///{folder / 'oneshot.sqlite3'}"


@pytest.fixture
def environment(tmp_path: Path, models_dir: Path) -> Iterator[dict[str, str]]:
    broker = os.environ.get("ONESHOT_BROKER_URL", FOLDER)
    with database_in(tmp_path) as database, fresh_queue(broker) as queue:
        yield os.environ | {
            "ONESHOT_DATA_DIR": str(tmp_path),
            "ONESHOT_MODELS_DIR": str(models_dir),
            "ONESHOT_ENCODER": "bundled",
            "ONESHOT_THREADS": "1",
            "DATABASE_URL": database,
            "ONESHOT_QUEUE": queue,
        }


class Node:
    """Processes of one installation, started one by one."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment = environment
        self.log = log.open("ab")
        self.processes: list[psutil.Popen] = []

    def start(self, *arguments: str) -> psutil.Popen:
        process = psutil.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self.processes.append(process)
        return process

    def stop(self) -> None:
        for process in self.processes:
            if process.is_running():
                process.send_signal(signal.SIGTERM)
        _, alive = psutil.wait_procs(self.processes, timeout=60)
        for process in alive:
            process.kill()
        self.log.close()
        assert alive == []


@pytest.fixture
def node(environment: dict[str, str], tmp_path: Path) -> Iterator[Node]:
    node = Node(environment, tmp_path / "log")
    try:
        yield node
    finally:
        node.stop()


def is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_two_migrations_at_once_both_succeed(node):
    running = [node.start("migrate", "-v0") for _ in range(2)]
    assert [process.wait(120) for process in running] == [0, 0]


def test_processes_that_lost_their_supervisor_end_and_free_the_port(node):
    manage(node.environment, "migrate", "-v0")
    [port] = free_ports(1)
    serve = node.start("serve", "--port", str(port))
    wait_until(lambda: not is_free(port))
    family = serve.children(recursive=True)
    serve.kill()
    _, alive = psutil.wait_procs(family, timeout=60)
    assert alive == []
    assert is_free(port)


def test_three_web_servers_two_workers_and_two_clocks_work_as_one(node, tmp_path):
    environment = node.environment
    manage(environment, "migrate", "-v0")
    manage(environment, "encoder", "prepare")
    manage(environment, "shell", "-v0", "-c", ALICE)
    key = manage(environment, "apikey", "create", "tests", "--user", "alice").strip()
    ports = free_ports(3)
    for port in ports:
        node.start("web", "--port", str(port), "--threads", "2")
    first, _ = (node.start("worker", "--only", "jobs") for _ in range(2))
    for _ in range(2):
        node.start("beat")
    wait_until(lambda: all(map(is_ready, ports)))
    one, two, three = (Client(f"http://127.0.0.1:{port}", api_key=key) for port in ports)
    with one, two, three:
        one.create_gallery("Pets")
        one.enrol("pets", photo("coins.png"), category="Coins", create=True)
        for client in (two, three):
            assert client.identify("pets", photo("coins.png")).candidates[0].category == "Coins"

        first.kill()
        archive = tmp_path / "photos.zip"
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("Cat/chelsea.png", photo("chelsea.png"))
        started = two.start_import("pets", archive, create=True)
        assert three.wait_for_job("pets", started.id, timeout=240).enrolled == 1
