"""Turns: contenders run one after another, again and again, so that load falls on all alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import cycle
from statistics import median
from typing import TypeVar

ROUNDS = 3
_Item = TypeVar("_Item")


def rates(contenders: dict[str, Callable[[], int]], seconds: float) -> dict[str, float]:
    """How many items a second each does; ``contenders`` do some and say how many.

    The median of the rounds.
    """
    for work in contenders.values():
        work()
    found: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, work in contenders.items():
            found[name].append(_rate(work, seconds / ROUNDS))
    return {name: median(each) for name, each in found.items()}


def latencies_ms(contenders: dict[str, Callable[[], int]], seconds: float) -> dict[str, float]:
    """Milliseconds an item, from the rates."""
    return {name: 1000 / rate for name, rate in rates(contenders, seconds).items()}


def _rate(work: Callable[[], int], seconds: float) -> float:
    start, done = time.perf_counter(), 0
    while (spent := time.perf_counter() - start) < seconds:
        done += work()
    return done / spent


def each(items: Iterable[_Item], work: Callable[[_Item], object]) -> Callable[[], int]:
    """A contender that does one of the items at a time, in turn."""
    turns = cycle(items)

    def run() -> int:
        work(next(turns))
        return 1

    return run


def counted(work: Callable[[], object], count: int) -> Callable[[], int]:
    """A contender that does ``count`` items at a time."""

    def run() -> int:
        work()
        return count

    return run
