"""What the web server takes, before any of it reaches the application."""

from __future__ import annotations

from dataclasses import dataclass

PLAIN_BODY = 1_000_000
"""Bytes from whoever shows neither a key nor a session: a form to sign in."""

ROOM_FOR_FIELDS = 1_000_000
"""Bytes of a body beside its files."""

CREDENTIALS = ("AUTHORIZATION", "COOKIE")
ARCHIVES = ("/imports/", "/galleries/import/", "/evaluations/")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and connections; the defaults suit one machine."""

    max_image_bytes: int = 15_000_000
    max_archive_bytes: int = 2_000_000_000
    images: int = 16

    header_seconds: float = 10.0
    """From a request's first byte to the end of its header."""

    idle_seconds: float = 30.0
    """Between two requests of a connection, and before its first."""

    grace_seconds: float = 20.0
    """In which a body, or the reading of an answer, may be as slow as it likes."""

    least_rate: int = 20_000
    """Bytes a second on the average, after that: a phone at the edge of its network."""

    connections: int = 2000
    connections_of_network: int = 1000
    bodies_under_way: int = 8_000_000_000
    """Bytes on the disk of requests that have not arrived whole."""

    max_wait_seconds: float = 4.0
    """Who would wait for longer is told to come again instead."""

    drain_seconds: float = 15.0
    """At a stop, in which those who are being answered are."""

    def body(self, path: str, headers: dict[str, str]) -> int:
        """Bytes that a request of that header may have."""
        if not any(headers.get(name) for name in CREDENTIALS):
            return PLAIN_BODY
        if path.startswith("/admin/") or path.endswith(ARCHIVES):
            return self.max_archive_bytes + ROOM_FOR_FIELDS
        return self.images * self.max_image_bytes + ROOM_FOR_FIELDS
