"""Clients that ask in parallel, and what they got."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

Ask = Callable[[int], int]
"""Ask the so-manieth thing and return the answer's status."""


@dataclass(slots=True)
class Load:
    """Seconds a request, statuses, and how long all took."""

    seconds: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    elapsed: float = 0.0

    def __add__(self, other: Load) -> Load:
        """Both, one after the other."""
        return Load(
            self.seconds + other.seconds,
            self.statuses + other.statuses,
            self.elapsed + other.elapsed,
        )

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.elapsed

    def percentile_ms(self, percent: float) -> float:
        return float(np.percentile(self.seconds, percent)) * 1000


def drive(
    connect: Callable[[], Ask], *, clients: int, seconds: float = 0.0, count: int = 0
) -> Load:
    """Let so many clients, each with its own connection, ask for so long or so often in all."""
    load, lock = Load(), threading.Lock()
    until = time.perf_counter() + seconds
    turns = iter(range(count or 10**9))

    def client() -> None:
        ask = connect()
        while count or time.perf_counter() < until:
            with lock:
                turn = next(turns, None)
            if turn is None:
                break
            start = time.perf_counter()
            status = ask(turn)
            spent = time.perf_counter() - start
            with lock:
                load.seconds.append(spent)
                load.statuses.append(status)

    start = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.elapsed = time.perf_counter() - start
    return load
