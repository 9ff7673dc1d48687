"""A process gets ready by itself, as soon as its encoder can be had."""

from __future__ import annotations

import os
import subprocess
import sys
from threading import Event

import pytest

from recognition.core.errors import RemoteUnavailable, UnknownEncoder
from recognition.services.encoders import warm_up as warming

pytestmark = pytest.mark.django_db


@pytest.fixture
def cold(monkeypatch):
    monkeypatch.setattr(warming, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(warming, "_warm", Event())
    monkeypatch.setattr(warming.connection, "close", lambda: None)


def failing(monkeypatch, *errors):
    """The encoder raises these errors in turn, and can be had afterwards."""
    real, waiting = warming.load_encoder, list(errors)

    def load(name):
        if waiting:
            raise waiting.pop(0)
        return real(name)

    monkeypatch.setattr(warming, "load_encoder", load)
    return waiting


def test_a_server_that_starts_later_is_waited_for(cold, models_dir, monkeypatch, caplog):
    failing(monkeypatch, RemoteUnavailable("not yet"), RemoteUnavailable("not yet either"))
    warming._warm_up_and_log()
    assert warming.is_warm()
    assert caplog.text.count("could not be warmed up yet") == 2


def test_what_will_not_pass_is_not_tried_again(cold, models_dir, monkeypatch, caplog):
    waiting = failing(monkeypatch, UnknownEncoder("no such thing"), RuntimeError("not reached"))
    warming._warm_up_and_log()
    assert not warming.is_warm()
    assert len(waiting) == 1
    assert "no such thing" in caplog.text


def test_an_error_of_any_kind_is_logged(cold, models_dir, monkeypatch, caplog):
    failing(monkeypatch, RuntimeError("surprise"))
    warming._warm_up_and_log()
    assert not warming.is_warm()
    assert "surprise" in caplog.text


@pytest.fixture
def run(models_dir, tmp_path):
    """Runs a program of an installation of its own and returns its exit status."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "oneshot_site.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'oneshot.sqlite3'}",
        "ONESHOT_DATA_DIR": str(tmp_path),
        "ONESHOT_MODELS_DIR": str(models_dir),
        "ONESHOT_ENCODER": "bundled",
    }

    def ended(*arguments: str) -> int:
        return subprocess.run([sys.executable, *arguments], env=environment).returncode

    assert ended("-m", "django", "migrate", "-v0") == 0
    return ended


@pytest.mark.django_db(databases=[])
def test_a_process_that_ends_while_it_warms_up_ends_in_order(run):
    served = "import time, oneshot_site.wsgi; time.sleep({})"
    assert [run("-c", served.format(seconds)) for seconds in (0.1, 0.2, 0.3)] == [0, 0, 0]


SERVED = """
import sys, time, oneshot_site.{server}
from recognition.services.encoders.warm_up import is_warm
until = time.monotonic() + 60
while not is_warm() and time.monotonic() < until:
    time.sleep(0.05)
sys.exit(0 if is_warm() else 1)
"""


@pytest.mark.django_db(databases=[])
@pytest.mark.parametrize("server", ["wsgi", "asgi"])
def test_a_web_server_gets_ready_before_anyone_asks(server, run):
    assert run("-c", SERVED.format(server=server)) == 0
