"""Waiting for what a worker does: every decision, and none of the I/O."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from recognition.client.errors import WaitedTooLong
from recognition.client.operation import Operation


class Work(Protocol):
    @property
    def finished(self) -> bool: ...


W = TypeVar("W", bound=Work)

FIRST_SECONDS = 0.25
GROWTH = 1.5
LONGEST_SECONDS = 5.0


@dataclass(kw_only=True)
class Polling(Generic[W]):
    """``ask`` is sent until its answer is finished; ``on_progress`` is called with each answer.

    ``timeout`` is in seconds; null waits for as long as it takes.
    """

    ask: Operation[W]
    on_progress: Callable[[W], None] | None = None
    timeout: float | None = None
    _started: float = field(default_factory=time.monotonic, init=False)
    _pause: float = field(default=FIRST_SECONDS, init=False)

    def pause_after(self, seen: W) -> float | None:
        """Seconds until it is worth asking again; null at the end. Raises WaitedTooLong."""
        if self.on_progress:
            self.on_progress(seen)
        if seen.finished:
            return None
        pause, self._pause = self._pause, min(self._pause * GROWTH, LONGEST_SECONDS)
        if self.timeout is None:
            return pause
        left = self.timeout - (time.monotonic() - self._started)
        if left <= 0:
            raise WaitedTooLong(f"It had not ended after {self.timeout:g} seconds; it goes on.")
        return min(pause, left)
