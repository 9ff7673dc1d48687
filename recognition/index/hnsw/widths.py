"""How a graph must be searched: less widely for most queries than for the few that are hard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

NARROWEST, WIDEST = 10, 5120
_NEVER, ALWAYS = -2.0, 2.0
"""Below and above all cosine similarities."""

_FIXED = 12
"""What a search costs besides its width, in the same unit: the layers above, and the call."""

_SCAN_FIXED, _SCANNED, _COMPARED = 50, 1 / 2500, 0.4
"""What a scan of sketches costs in that unit: whatever it finds, by sketch, and by vector that is
compared."""

_FINER = tuple(2.0**step for step in (-0.75, -0.5, -0.25))
"""Between half a width and the whole."""

Answer: TypeAlias = tuple[NDArray[np.float32], NDArray[np.float64]]
Answers: TypeAlias = Callable[[int], Answer]
"""For a width, or a number of vectors compared, of each sample query: its best hit's similarity,
and the share of its true nearest neighbours among its hits, both ``(n,)``."""


@dataclass(frozen=True, slots=True)
class Widths:
    """Each query is searched ``narrow`` first. Where its best hit has a similarity below ``doubt``,
    it is searched again: where the walk has strayed, that is low. Then either the walk is ``wide``,
    or, where that is 0, the vectors with the nearest sketches of all are ``compared``, so many.

    A difficulty learned per graph, as in Li et al., "Improving Approximate Nearest Neighbor Search
    through Learned Adaptive Early Termination" (2020), by a single threshold.
    """

    narrow: int
    wide: int
    doubt: float = _NEVER
    compared: int = 0

    def __str__(self) -> str:
        if self.doubt <= _NEVER:
            return str(self.narrow)
        again = f"{self.compared} by sketch" if self.compared else str(self.wide)
        return f"{self.narrow}, and {again} below {self.doubt:.2f}"


@dataclass(frozen=True, slots=True)
class _Second:
    """The second search of a query in doubt: the shares that it finds, and what that costs."""

    shares: NDArray[np.float64]
    cost: float
    wide: int = 0
    compared: int = 0


@dataclass(frozen=True, slots=True)
class _Plan:
    """``cost`` of a query on average, ``slowest`` of one in doubt, both in units of width;
    ``recall`` on the sample.
    """

    cost: float
    slowest: float
    recall: float
    widths: Widths

    @property
    def price(self) -> float:
        """Return the price of the plan: its average cost counts squared; that those in doubt take
        longer still must be worth it.
        """
        return self.cost**2 * self.slowest


@dataclass(frozen=True, slots=True)
class Scan:
    """The answers of a scan of ``count`` sketches, by the number of vectors that are compared."""

    answers: Answers
    count: int

    def cost(self, compared: int) -> float:
        return _SCAN_FIXED + _SCANNED * self.count + _COMPARED * compared


class _Search:
    """The record of what has been tried, of walks by width and of scans by the vectors compared."""

    def __init__(self, walked: Answers, scan: Scan | None, target: float) -> None:
        self._walked, self._scan = walked, scan
        self._scans = _doubling(scan.answers, target, WIDEST) if scan else {}
        suffices = scan and _found(self._scans) >= target
        longest = int(scan.cost(max(self._scans))) if scan and suffices else WIDEST
        self._walks = _doubling(walked, target, longest)
        self._target = min(target, max(_found(self._walks), _found(self._scans)))

    def try_near(self, widths: Widths) -> None:
        """Try smaller steps about what was best, none where nothing can be narrower."""
        if widths == Widths(NARROWEST, NARROWEST):
            return
        for width in _near({widths.narrow, widths.wide}, max(self._walks)):
            self._walks.setdefault(width, self._walked(width))
        if self._scan and widths.compared:
            for compared in _near({widths.compared}, max(self._scans)):
                self._scans.setdefault(compared, self._scan.answers(compared))

    def best(self) -> _Plan:
        seconds = list(self._seconds())
        plans = (
            _plan(narrow, first, second, self._target)
            for narrow, first in self._walks.items()
            for second in seconds
            if not 0 < second.wide < narrow
        )
        return min((plan for plan in plans if plan), key=lambda plan: plan.price)

    def _seconds(self) -> Iterator[_Second]:
        for wide, (_, shares) in self._walks.items():
            yield _Second(shares, wide + _FIXED, wide=wide)
        if self._scan:
            for compared, (_, shares) in self._scans.items():
                yield _Second(shares, self._scan.cost(compared), compared=compared)


def cheapest_widths(
    walked: Answers, target: float, scan: Scan | None = None
) -> tuple[Widths, float]:
    """Find the widths of the lowest price of those whose recall reaches ``target``, and that
    recall.

    The width is doubled until it is enough, and once more, for the doubtful, but not beyond what a
    scan costs that is enough; near the best of these smaller steps are tried. Where nothing is
    enough, ``target`` is what can be had.
    """
    search = _Search(walked, scan, target)
    search.try_near(search.best().widths)
    best = search.best()
    return best.widths, best.recall


def _doubling(answers: Answers, target: float, widest: int) -> dict[int, Answer]:
    width, enough = NARROWEST, False
    tried = {width: answers(width)}
    while width < widest and not enough:
        enough = bool(tried[width][1].mean() >= target)
        width *= 2
        tried[width] = answers(width)
    return tried


def _found(tried: dict[int, Answer]) -> float:
    """The largest share that any found."""
    return max((float(shares.mean()) for _, shares in tried.values()), default=0.0)


def _near(around: set[int], widest: int) -> list[int]:
    ends = {width * side for width in around for side in (1, 2)}
    return sorted(
        {round(end * step) for end in ends if NARROWEST < end <= widest for step in _FINER}
    )


def _plan(narrow: int, first: Answer, second: _Second, target: float) -> _Plan | None:
    """Plan widths with as few doubtful queries as reach the target; None where no number does."""
    similarities, shares = first
    order = np.argsort(similarities, kind="stable")
    gained = np.cumsum((second.shares - shares)[order])
    recalls = np.concatenate([[0.0], gained]) / len(shares) + shares.mean()
    doubtful = int(np.argmax(recalls >= target))
    if recalls[doubtful] < target:
        return None
    base = narrow + _FIXED
    if not doubtful:
        return _Plan(base, base, float(recalls[0]), Widths(narrow, narrow))
    cost = base + doubtful / len(shares) * second.cost
    doubt = _between(similarities[order], doubtful)
    widths = Widths(narrow, second.wide, doubt, second.compared)
    return _Plan(cost, base + second.cost, float(recalls[doubtful]), widths)


def _between(ascending: NDArray[np.float32], below: int) -> float:
    """A threshold that ``below`` of the similarities are under."""
    if below == len(ascending):
        return ALWAYS
    return float((ascending[below - 1] + ascending[below]) / 2)
