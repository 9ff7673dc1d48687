"""Names of remote encoders, and servers that are slow, busy, gone or something else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from recognition.core.errors import EncoderError, RemoteUnavailable, UnknownEncoder
from recognition.encoders import registry
from recognition.encoders.remote.client import RemoteEncoder
from recognition.encoders.remote.contract import parse_remote
from recognition.encoders.remote.transport import Transport
from tests.encoders.remote.mlserver import free_port

METADATA = {"name": "iris", "platform": "sklearn", "parameters": None}


@contextmanager
def answering(*answers: tuple[int, object]) -> Iterator[tuple[str, list[str]]]:
    """A server that gives these answers in turn, and the paths that it was asked for."""
    waiting, asked = list(answers), []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, body = waiting.pop(0)
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"oip+http://127.0.0.1:{server.server_port}/iris", asked
        server.shutdown()


def test_an_address_names_a_server_and_a_model():
    remote = parse_remote("oip+http://gpu.example.org:8080/prefix/clip")
    assert (remote.server, remote.model) == ("http://gpu.example.org:8080/prefix", "clip")
    assert str(remote) == "oip+http://gpu.example.org:8080/prefix/clip"
    assert parse_remote("bundled") is None
    with pytest.raises(UnknownEncoder, match="oip"):
        registry.get_encoder("oip+ftp://host/clip", models_dir=Path("."))


def test_a_server_that_is_not_there_is_told():
    with pytest.raises(RemoteUnavailable, match="cannot be reached") as refused:
        RemoteEncoder.connect(parse_remote(f"oip+http://127.0.0.1:{free_port()}/clip"))
    assert refused.value.status == 503
    assert refused.value.retryable


def test_a_server_that_is_busy_for_a_moment_is_asked_again():
    with answering((503, {}), (429, {}), (200, METADATA)) as (name, asked):
        assert Transport(parse_remote(name)).get() == METADATA
    assert asked == ["/v2/models/iris"] * 3


def test_a_server_that_stays_busy_is_told():
    with (
        answering((503, {}), (503, {}), (503, {"error": "drained"})) as (name, asked),
        pytest.raises(RemoteUnavailable, match=r"503.*drained"),
    ):
        Transport(parse_remote(name)).get()
    assert len(asked) == 3


def test_a_server_that_does_not_answer_is_given_up_once_its_time_is_up():
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as silent:
        remote = parse_remote(f"oip+http://127.0.0.1:{silent.server_port}/clip")
        with pytest.raises(RemoteUnavailable, match="ReadTimeout"):
            Transport(remote, httpx.Timeout(0.05)).check_ready()


@pytest.mark.parametrize("body", [b"<html>", [1, 2]])
def test_a_server_that_speaks_something_else_is_refused(body):
    with (
        answering((200, body)) as (name, _),
        pytest.raises(EncoderError, match="does not speak the Open Inference Protocol"),
    ):
        RemoteEncoder.connect(parse_remote(name))


def test_a_model_that_is_no_encoder_is_refused():
    with (
        answering((200, METADATA)) as (name, _),
        pytest.raises(EncoderError, match="does not say which encoder"),
    ):
        RemoteEncoder.connect(parse_remote(name))
