"""How long the web server takes for a page, asked over HTTP, and what it sends for a thumbnail."""

from __future__ import annotations

import time
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from io import BytesIO

from django.conf import settings
from PIL import Image

from recognition.benchmarks.inference.server import Server
from recognition.benchmarks.pages.shown import Shown, Survey


@dataclass(frozen=True, slots=True)
class Picture:
    """What is sent for a picture: its sides, its bytes, and how long it may be kept."""

    name: str
    width: int
    height: int
    sent_bytes: int
    cache_control: str

    def __str__(self) -> str:
        sides, size = f"{self.width} × {self.height}", f"{self.sent_bytes / 1000:.1f} KB"
        return f"{self.name}: {sides}, {size}, Cache-Control: {self.cache_control or 'none'}"


def seconds(server: Server, found: Survey, rounds: int) -> dict[str, list[float]]:
    """Milliseconds until all of each page is there, by its name, after a first that warms up."""
    connection = server.connect()
    return {page.name: _timed(connection, page, found.session, rounds) for page in found.shown}


def pictures(server: Server, found: Survey) -> list[Picture]:
    """One of each kind."""
    connection = server.connect()
    return [
        _picture(connection, name, path, found.session) for name, path in found.pictures.items()
    ]


def _picture(connection: HTTPConnection, name: str, path: str, session: str) -> Picture:
    response, data = _ask(connection, path, session)
    with Image.open(BytesIO(data)) as image:
        width, height = image.size
    return Picture(name, width, height, len(data), response.headers.get("Cache-Control", ""))


def _timed(connection: HTTPConnection, page: Shown, session: str, rounds: int) -> list[float]:
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        _ask(connection, page.path, session if page.signed_in else "")
        times.append((time.perf_counter() - start) * 1000.0)
    return times[1:]


def _ask(connection: HTTPConnection, path: str, session: str) -> tuple[HTTPResponse, bytes]:
    headers = {"Accept-Encoding": "gzip"}
    if session:
        headers["Cookie"] = f"{settings.SESSION_COOKIE_NAME}={session}"
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    data = response.read()
    if response.status != HTTPStatus.OK:
        raise RuntimeError(f"{path} answered {response.status}.")
    return response, data
