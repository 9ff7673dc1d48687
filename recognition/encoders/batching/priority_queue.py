"""A bounded queue in which interactive items overtake bulk ones."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition
from typing import Generic, Protocol, TypeVar

from recognition.core.errors import DeadlineExceeded
from recognition.core.types import Vector


class Waiting(Protocol):
    """An item that waits in the queue."""

    future: Future[Vector]
    bulk: bool
    deadline: float


_Item = TypeVar("_Item", bound=Waiting)


class Full(Exception):
    """The queue takes no more at present."""


class Closed(Exception):
    """The queue takes nothing any more."""


@dataclass(slots=True)
class PriorityQueue(Generic[_Item]):
    """A queue of at most ``capacity`` interactive items and as many bulk ones; safe to share by
    threads.
    """

    capacity: int
    _interactive: deque[_Item] = field(default_factory=deque)
    _bulk: deque[_Item] = field(default_factory=deque)
    _changed: Condition = field(default_factory=Condition)
    _closed: bool = False

    def put(self, item: _Item, *, wait: bool) -> None:
        """Queue an item; where its half is full, wait for room or raise Full. Raises Closed."""
        queue = self._bulk if item.bulk else self._interactive
        with self._changed:
            if not wait and len(queue) >= self.capacity:
                _drop_gone(queue)
                if len(queue) >= self.capacity:
                    raise Full
            self._changed.wait_for(lambda: self._closed or len(queue) < self.capacity)
            if self._closed:
                raise Closed
            queue.append(item)
            self._changed.notify_all()

    def take(self, count: int, *, linger: Callable[[], float] = lambda: 0.0) -> list[_Item]:
        """Take between one and ``count`` items of one kind; none once it is closed and empty.

        Waits for the first as long as it takes, and then for more as many seconds as ``linger``
        says, or until it says none. Items that were cancelled or whose deadline has passed are left
        out.
        """
        with self._changed:
            while True:
                self._changed.wait_for(lambda: self._closed or self._interactive or self._bulk)
                if not self._fills(count) and (seconds := linger()):
                    self._changed.wait_for(lambda: self._fills(count) or not linger(), seconds)
                queue = self._interactive or self._bulk
                taken = [queue.popleft() for _ in range(min(count, len(queue)))]
                self._changed.notify_all()
                alive = [item for item in taken if not _is_gone(item)]
                if alive or (self._closed and not self._interactive and not self._bulk):
                    return alive

    def _fills(self, count: int) -> bool:
        return max(len(self._interactive), len(self._bulk)) >= count

    def close(self) -> None:
        """Let nothing more in; what is there is still handed out."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def is_closed(self) -> bool:
        return self._closed

    def __len__(self) -> int:
        return len(self._interactive) + len(self._bulk)


def _drop_gone(queue: deque[_Item]) -> None:
    alive = [item for item in queue if not _is_gone(item)]
    queue.clear()
    queue.extend(alive)


def _is_gone(item: Waiting) -> bool:
    """Say whether nobody waits for the item any more; whoever came too late is told."""
    if not item.future.done() and time.monotonic() > item.deadline:
        fail(item.future, DeadlineExceeded("The image was not encoded in time. Send it again."))
    return item.future.done()


def fail(future: Future[Vector], error: Exception) -> None:
    """Give a future its error, unless it was cancelled."""
    if future.set_running_or_notify_cancel():
        future.set_exception(error)
