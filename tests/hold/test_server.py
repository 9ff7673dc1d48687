"""The web server spends no thread on whoever is slow, tells in time whom it cannot answer, and
lets everybody finish when it stops. Nothing here waits for a clock: each waits for what happens."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from threading import Event, Semaphore, Thread
from typing import Any

import pytest

from oneshot_site.server.channels import Parser
from oneshot_site.server.health import health_only
from oneshot_site.server.limits import PLAIN_BODY, Limits
from oneshot_site.server.serving import MAX_HEADER, Server

LIMITS = Limits()
PATIENCE = 60
SILENT = [
    b"",
    b"GET / HTTP/1.1\r\nHost: x\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nxx",
]


class Application:
    """Answers with what it was sent; ``/held`` only once it is let go."""

    def __init__(self) -> None:
        self.began, self.go_on = Semaphore(0), Event()
        self.asked: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        if path == "/held":
            self.began.release()
            self.go_on.wait(PATIENCE)
        self.asked.append(path)
        body = environ["wsgi.input"].read() or path.encode()
        body *= int(environ.get("HTTP_TIMES", "1"))
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]


@contextmanager
def serving(
    application: Callable[..., Any], *, threads: int = 2, limits: Limits = LIMITS
) -> Iterator[Server]:
    server = Server(application, host="127.0.0.1", port=0, threads=threads, limits=limits)
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        if isinstance(application, Application):
            application.go_on.set()
        server.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


@pytest.fixture
def application() -> Application:
    return Application()


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)


def ask(server: Server, path: str = "/", **options: Any) -> tuple[int, bytes, Any]:
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    with closing(client):
        client.request("POST" if options.get("body") else "GET", path, **options)
        answer = client.getresponse()
        return answer.status, answer.read(), answer.headers


def is_closed(client: socket.socket) -> bool:
    """Waits until it is."""
    try:
        while client.recv(4096):
            pass
    except ConnectionError:
        pass
    return True


@pytest.mark.parametrize("sent", SILENT, ids=["nothing", "header", "body", "chunks"])
def test_slow_clients_take_no_thread(sent, application):
    with serving(application) as server:
        clients = [connect(server) for _ in range(60)]
        for client in clients:
            client.sendall(sent)
        assert ask(server, "/fast")[:2] == (200, b"/fast")
        for client in clients:
            client.close()
        assert application.asked == ["/fast"]


@pytest.mark.parametrize("sent", SILENT, ids=["nothing", "header", "body", "chunks"])
def test_slow_clients_have_a_deadline(sent, application):
    limits = replace(LIMITS, header_seconds=0, idle_seconds=0, grace_seconds=0)
    with serving(application, limits=limits) as server, closing(connect(server)) as client:
        client.sendall(sent)
        assert is_closed(client)


def test_a_reader_that_reads_nothing_takes_no_thread_and_has_a_deadline(application):
    limits = replace(LIMITS, grace_seconds=0)
    with (
        serving(application, threads=1, limits=limits) as server,
        closing(connect(server)) as client,
    ):
        client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nTimes: 10000000\r\n\r\n")
        assert ask(server, "/fast")[:2] == (200, b"/fast")
        assert is_closed(client)


def test_the_newest_client_finds_room_among_silent_ones(application):
    limits = replace(LIMITS, connections=10)
    with serving(application, limits=limits) as server:
        clients = [connect(server) for _ in range(30)]
        assert is_closed(clients[0])
        assert ask(server, "/fast")[:2] == (200, b"/fast")
        for client in clients:
            client.close()


def test_one_network_leaves_room_for_the_others(application):
    limits = replace(LIMITS, connections_of_network=5)
    with serving(application, limits=limits) as server:
        clients = [connect(server) for _ in range(6)]
        assert is_closed(clients[5])
        for client in clients:
            client.close()


@pytest.mark.parametrize(
    ("path", "headers", "most"),
    [
        ("/login/", {}, PLAIN_BODY),
        ("/api/v1/galleries/x/identify/", {"Authorization": "Bearer x"}, 241_000_000),
        ("/api/v1/galleries/x/imports/", {"Cookie": "x=y"}, 2_001_000_000),
        ("/admin/x/", {"Cookie": "x=y"}, 2_001_000_000),
    ],
)
def test_a_body_is_refused_by_its_header(path, headers, most, application):
    assert Limits().body(path, {name.upper(): value for name, value in headers.items()}) == most
    with serving(application) as server, closing(connect(server)) as client:
        lines = [f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {most + 1}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        client.sendall("\r\n".join([*lines, "", ""]).encode())
        head, _, body = b"".join(iter(lambda: client.recv(4096), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413")
    assert json.loads(body)["code"] == "request_too_large"
    assert application.asked == []


def test_a_body_as_large_as_it_may_be_is_taken(application, monkeypatch):
    monkeypatch.setattr(Parser.limits.__class__, "body", lambda *_: 100)
    with serving(application) as server:
        assert ask(server, "/", body=b"x" * 100)[:2] == (200, b"x" * 100)
        assert ask(server, "/", body=b"x" * 101)[0] == 413
        chunks = iter([b"x" * 60, b"x" * 60])
        assert ask(server, "/", body=chunks, encode_chunked=True)[0] == 413


def in_thread(answers: list[Any], server: Server, path: str) -> Thread:
    thread = Thread(target=lambda: answers.append(ask(server, path)))
    thread.start()
    return thread


def wait_until_queued(server: Server, count: int) -> None:
    while len(server.admission._tasks.queue) < count:
        Event().wait(0.001)


def test_who_would_wait_too_long_is_told_to_come_again(application):
    answers: list[Any] = []
    with serving(application, threads=1) as server:
        held = in_thread(answers, server, "/held")
        application.began.acquire()
        # What requests have taken lately.
        server.admission._seconds = LIMITS.max_wait_seconds
        waiting = []
        for count in (1, 2):
            waiting.append(in_thread(answers, server, f"/{count}"))
            wait_until_queued(server, count)
        status, body, headers = ask(server, "/late")
        assert (status, json.loads(body)["code"]) == (503, "service_busy")
        assert int(headers["Retry-After"]) >= 1
        # Health is asked ahead of all who wait.
        waiting.append(in_thread(answers, server, "/healthz"))
        wait_until_queued(server, 3)
        application.go_on.set()
        for each in (held, *waiting):
            each.join()
    assert application.asked == ["/held", "/healthz", "/1", "/2"]
    assert {answer[0] for answer in answers} == {200}


def test_a_stop_lets_everybody_finish(application):
    answers: list[Any] = []
    with serving(application, threads=1) as server:
        idle = connect(server)
        threads = [in_thread(answers, server, "/held")]
        application.began.acquire()
        threads.append(in_thread(answers, server, "/queued"))
        wait_until_queued(server, 1)
        server.stop()
        assert is_closed(idle)
        with pytest.raises(ConnectionError):
            connect(server)
        application.go_on.set()
        for thread in threads:
            thread.join()
    assert application.asked == ["/held", "/queued"]
    # Which client thread writes its answer down first is the scheduler's choice.
    assert sorted((status, body) for status, body, _ in answers) == [
        (200, b"/held"),
        (200, b"/queued"),
    ]
    assert {headers["Connection"] for *_, headers in answers} == {"close"}


def test_the_health_port_answers_whatever_else_goes_on(application):
    with serving(application, threads=1) as server, serving(health_only(application)) as health:
        held = in_thread([], server, "/held")
        application.began.acquire()
        clients = [connect(health) for _ in range(60)]
        for path in ("/healthz", "/readyz", "/metrics"):
            assert ask(health, path)[0] == 200
        for path in ("/", "/admin/", "/api/v1/galleries/", "/healthz/../admin/"):
            assert ask(health, path)[0] == 404
        for client in clients:
            client.close()
        application.go_on.set()
        held.join()


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nA: ".ljust(MAX_HEADER, b"x"),
        b"\x00\x01\x02\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=["long header", "no HTTP", "length below zero", "unknown encoding", "no chunk"],
)
def test_what_cannot_be_read_is_refused_and_tells_nothing(sent, application):
    with serving(application) as server, closing(connect(server)) as client:
        client.sendall(sent)
        head, _, body = b"".join(iter(lambda: client.recv(4096), b"")).partition(b"\r\n\r\n")
    assert head.split()[1] in {b"400", b"431", b"501"}
    assert b"Server:" not in head and b"waitress" not in head + body
    assert json.loads(body)["code"] == "request_malformed"
    assert application.asked == []
