"""The database, the disk or the media are away: 503 or 507 with a code, and when to come again."""

from __future__ import annotations

import errno
import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.db import connection

from oneshot_site.database import Deadlined
from recognition.models import Reference
from recognition.services import readiness
from recognition.services.encoders import warm_up
from recognition.services.worker_seen import is_heard
from recognition.worker.tasks import requeue
from tests.photos import photo

ON_SQLITE = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="of SQLite")
ENROL = "/api/v1/galleries/pets/references/"


def enrol(client):
    image = BytesIO(photo("coins.png"))
    image.name = "coins.png"
    return client.post(
        ENROL, {"image": image, "category": "Coins", "create": "true"}, format="multipart"
    )


def problem(answer) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    assert int(answer["Retry-After"]) > 0
    assert answer.json()["request_id"]
    return answer.status_code, answer.json()["code"]


@ON_SQLITE
@pytest.mark.django_db(transaction=True)
def test_a_locked_database_is_told_and_what_comes_after_is_answered(as_alice, gallery):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
        other.execute("BEGIN IMMEDIATE")
        assert problem(enrol(as_alice)) == (503, "database_unavailable")
        other.rollback()
    assert enrol(as_alice).status_code == 201


@ON_SQLITE
@pytest.mark.django_db(transaction=True)
def test_a_full_database_is_told_and_nothing_is_kept(as_alice, gallery):
    with connection.cursor() as cursor:
        # Without free pages, and with more rows than fit into those that are half full.
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        try:
            answers = [enrol(as_alice) for _ in range(8)]
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    refused = [each for each in answers if each.status_code != 201]
    assert refused
    assert {problem(each) for each in refused} == {(507, "storage_full")}
    kept = Reference.objects.filter(category__gallery=gallery).count()
    assert kept == len(answers) - len(refused)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, (507, "storage_full")),
        (errno.EDQUOT, (507, "storage_full")),
        (errno.EROFS, (503, "storage_unavailable")),
        (errno.EIO, (503, "storage_unavailable")),
    ],
)
def test_a_disk_that_takes_nothing_is_told(as_alice, gallery, monkeypatch, number, told):
    def fail(path: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("oneshot_site.media.sync", fail)
    assert problem(enrol(as_alice)) == told


@pytest.mark.django_db
def test_a_page_tells_of_it_too(as_alice, gallery, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "gone")

    monkeypatch.setattr("recognition.dashboard.galleries.render", fail)
    answer = as_alice.get("/")
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
    assert "storage_unavailable" in answer.content.decode()


@pytest.fixture
def warm(monkeypatch):
    for event in ("_warm", "_others_tried"):
        done = threading.Event()
        done.set()
        monkeypatch.setattr(warm_up, event, done)


@pytest.mark.django_db
def test_media_that_take_no_file_make_a_process_unready(client, warm, settings, tmp_path):
    assert client.get("/readyz").json()["checks"]["media"]
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    settings.MEDIA_ROOT = blocked
    assert default_storage.location == str(blocked)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["media"]) == (503, False)
    assert answer["Retry-After"]


@pytest.mark.django_db
def test_a_database_that_is_silent_makes_a_process_unready_in_time(client, warm, monkeypatch):
    silent = threading.Event()
    look = readiness._Look("database", silent.wait)
    monkeypatch.setitem(readiness._NEEDED, "database", look)
    monkeypatch.setattr(readiness, "SECONDS", 0.2)
    try:
        first, second = client.get("/readyz"), client.get("/readyz")
    finally:
        silent.set()
    for answer in (first, second):
        assert (answer.status_code, answer.json()["checks"]["database"]) == (503, False)
    assert len([each for each in threading.enumerate() if "readiness-database" in each.name]) <= 2


@pytest.mark.django_db
def test_a_worker_that_is_not_heard_of_is_named(client, warm):
    assert "worker_silent" in client.get("/readyz").json()["degraded"]
    requeue()
    assert is_heard()


class Forwarder:
    """A way to a server that can fall silent, as a network does that drops what it carries."""

    def __init__(self, host: str, port: int) -> None:
        self._target = host, port
        self._open = threading.Event()
        self._open.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._sockets = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def silence(self) -> None:
        self._open.clear()

    def close(self) -> None:
        for each in self._sockets:
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(self._target)
            self._sockets += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                if self._open.is_set():
                    target.sendall(data)
        except OSError:
            return


@pytest.fixture
def forwarder() -> Iterator[Forwarder]:
    given = psycopg.conninfo.conninfo_to_dict(f"{os.environ['ONESHOT_TEST_POSTGRES']}/postgres")
    way = Forwarder(str(given["host"]), int(given.get("port", 5432)))
    yield way
    way.close()


@pytest.mark.skipif("ONESHOT_TEST_POSTGRES" not in os.environ, reason="asks a PostgreSQL server")
def test_a_silent_postgresql_is_given_up(forwarder, monkeypatch):
    monkeypatch.setattr(Deadlined, "silence_seconds", 0.3)
    user = os.environ["ONESHOT_TEST_POSTGRES"].partition("://")[2].partition("@")[0]
    address = f"postgres://{user}@127.0.0.1:{forwarder.port}/postgres"
    with closing(Deadlined.connect(address, autocommit=True)) as asked:
        assert asked.execute("SELECT 1").fetchone() == (1,)
        forwarder.silence()
        with pytest.raises(psycopg.OperationalError, match="silent"):
            asked.execute("SELECT 1")
        assert asked.closed
