"""Who is let in: as many as are answered in time."""

from __future__ import annotations

import time
from collections import deque
from http import HTTPStatus
from math import ceil
from threading import Lock
from typing import Any

from waitress.task import ThreadedTaskDispatcher

from oneshot_site.server.problems import Problem

SMOOTHING = 0.1
"""How much the latest request tells of how long the next takes."""

URGENT = frozenset({"/healthz", "/readyz"})
"""Asked by whoever decides whether this process lives: ahead of all who wait, and never refused."""


class Admission:
    """A waitress dispatcher with a bound in time, not in number.

    By Little's law the next in line waits for as many as are before it, times what each takes,
    shared by the threads.
    """

    def __init__(self, *, threads: int, max_wait: float) -> None:
        self._threads = threads
        self._max_wait = max_wait
        self._seconds = 0.0
        self._lock = Lock()
        self._inside = 0
        self._tasks = ThreadedTaskDispatcher()
        self._tasks.queue_logger.disabled = True
        self._tasks.set_thread_count(threads)
        # Refusals take a moment each, and must not wait for those who are let in.
        self._refusals = ThreadedTaskDispatcher()
        self._refusals.set_thread_count(1)

    def add_task(self, channel: Any) -> None:
        """Queue a channel's first request, or have it answered with 503."""
        request = channel.requests[0]
        if request.error is not None:
            self._refusals.add_task(channel)
            return
        wait = self._wait()
        urgent = request.path in URGENT
        if wait > self._max_wait and not urgent:
            request.error = busy(wait)
            self._refusals.add_task(channel)
            return
        with self._lock:
            self._inside += 1
        self._tasks.add_task(_Timed(self, channel))
        if urgent:
            self._hurry()

    def is_idle(self) -> bool:
        return not self._inside and not self._refusals.queue

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        self._refusals.shutdown(cancel_pending, timeout)
        return bool(self._tasks.shutdown(cancel_pending, timeout))

    def serve(self, channel: Any, queued: float) -> None:
        """A task of ours, on one of the threads."""
        start = time.monotonic()
        request = channel.requests[0]
        if start - queued > 2 * self._max_wait and request.path not in URGENT:
            request.error = busy(self._max_wait)
        try:
            channel.service()
        finally:
            took = time.monotonic() - start
            with self._lock:
                self._inside -= 1
                self._seconds += SMOOTHING * (took - self._seconds)

    def _wait(self) -> float:
        waiting = len(self._tasks.queue)
        return waiting * self._seconds / self._threads

    def _hurry(self) -> None:
        with self._tasks.lock:
            queue: deque[Any] = self._tasks.queue
            if queue:
                queue.appendleft(queue.pop())


class _Timed:
    """A channel on its way through the queue."""

    def __init__(self, admission: Admission, channel: Any) -> None:
        self._admission = admission
        self._channel = channel
        self._queued = time.monotonic()

    def service(self) -> None:
        self._admission.serve(self._channel, self._queued)

    def cancel(self) -> None:
        self._channel.cancel()


def busy(wait: float) -> Problem:
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "service_busy",
        "The service has more to answer than it can in time. Send it again soon.",
        retry_after=max(1, ceil(wait)),
    )
