"""A connection, with deadlines for what its client sends and reads."""

from __future__ import annotations

import copy
import time
from http import HTTPStatus
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask

from oneshot_site.server.limits import Limits
from oneshot_site.server.problems import Problem
from recognition.core.networks import network_of


class Parser(HTTPRequestParser):
    """Holds a body to the size that its header lets it have, before the first byte of it."""

    limits = Limits()
    adj: Any
    error: Any

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        most = self.limits.body(self.path, self.headers)
        self.adj = copy.copy(self.adj)
        # Waitress refuses what has as many bytes, not only what has more.
        self.adj.max_request_body_size = most + 1

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if self.error is not None and not isinstance(self.error, Problem):
            self.error = _in_our_words(self.error)
        return consumed


def _in_our_words(error: Any) -> Problem:
    status = HTTPStatus(error.code)
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Problem(status, "request_too_large", "The request is larger than is accepted.")
    return Problem(status, "request_malformed", "The request cannot be read as it is.")


class Task(WSGITask):
    """Tells its client, while the server stops, to send no more by this connection."""

    def build_response_header(self) -> bytes:
        if self.channel.server.stopping:
            self.set_close_on_finish()
        header: bytes = super().build_response_header()
        return header


class Channel(HTTPChannel):
    """Knows since when its client has been sending a request, or reading an answer."""

    task_class = Task
    parser_class = Parser
    server: Any

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        self.network = network_of(str(addr[0]))
        self.sending_since = time.monotonic()
        self.reading_since: float | None = None
        self.to_read = 0
        super().__init__(server, sock, addr, adj, map=map)
        server.make_room_for(self)

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self.sending_since = time.monotonic()
        went_on: bool = super().received(data)
        return went_on

    @property
    def is_waiting(self) -> bool:
        """Nothing of it is being answered, and nothing of an answer is left to read."""
        return not self.requests and not self.total_outbufs_len

    def is_late(self, now: float, limits: Limits) -> bool:
        """Whether its client lets us wait for longer than it may."""
        if self.requests:
            return False
        if self.total_outbufs_len:
            return self._reads_slowly(now, limits)
        self.reading_since = None
        if self.request is None:
            idle: float = time.time() - self.last_activity
            return idle > limits.idle_seconds
        since = now - self.sending_since
        if not self.request.headers_finished:
            return since > limits.header_seconds
        received = self.request.body_bytes_received
        return bool(since > limits.grace_seconds + received / limits.least_rate)

    def _reads_slowly(self, now: float, limits: Limits) -> bool:
        if self.reading_since is None:
            self.reading_since, self.to_read = now, self.total_outbufs_len
        read = max(0, self.to_read - int(self.total_outbufs_len))
        return now - self.reading_since > limits.grace_seconds + read / limits.least_rate
