"""A process gets ready by itself, as soon as its encoder can be had."""

from __future__ import annotations

from threading import Event

import pytest

from recognition.errors import RemoteUnavailable, UnknownEncoder
from recognition.services import warm_up as warming

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
