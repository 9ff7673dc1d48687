"""How wide a graph must be searched: less for most queries than for the few that are hard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

NARROWEST, WIDEST = 10, 5120
_NEVER, _ALWAYS = -2.0, 2.0
"""Below and above all cosine similarities."""

_FIXED = 12
"""What a search costs besides its width, in the same unit: the layers above, and the call."""

_FINER = tuple(2.0**step for step in (-0.75, -0.5, -0.25))
"""Between half a width and the whole."""

Answer: TypeAlias = tuple[NDArray[np.float32], NDArray[np.float64]]
Answers: TypeAlias = Callable[[int], Answer]
"""For a width, of each sample query: its best hit's similarity, and the share of its true nearest
neighbours among its hits, both ``(n,)``."""


@dataclass(frozen=True, slots=True)
class Widths:
    """Each query is searched ``narrow`` first, and ``wide`` too where its best hit has a similarity
    below ``doubt``: where the walk has strayed, that is low.

    A difficulty learned per graph, as in Li et al., "Improving Approximate Nearest Neighbor Search
    through Learned Adaptive Early Termination" (2020), by a single threshold.
    """

    narrow: int
    wide: int
    doubt: float = _NEVER

    def __str__(self) -> str:
        if self.doubt <= _NEVER:
            return str(self.narrow)
        return f"{self.narrow}, and {self.wide} below {self.doubt:.2f}"


@dataclass(frozen=True, slots=True)
class _Plan:
    """``cost`` of a query on average, ``slowest`` of one in doubt, both in units of width;
    ``recall`` on the sample."""

    cost: float
    slowest: float
    recall: float
    widths: Widths

    @property
    def price(self) -> float:
        """The average counts squared; that those in doubt take longer still must be worth it."""
        return self.cost**2 * self.slowest


def cheapest_widths(answers: Answers, target: float) -> tuple[Widths, float]:
    """The widths of the lowest price of those whose recall reaches ``target``, and that recall.

    The width is doubled until it is enough, and once more, for the doubtful; near the best of these
    smaller steps are tried. Where even the widest is not enough, ``target`` is what can be had.
    """
    tried = {NARROWEST: answers(NARROWEST)}
    width, enough = NARROWEST, False
    while width < WIDEST and not enough:
        enough = bool(tried[width][1].mean() >= target)
        width *= 2
        tried[width] = answers(width)
    reachable = min(target, max(shares.mean() for _, shares in tried.values()))
    best = _best(tried, reachable)
    for finer in _near(best.widths, width):
        tried[finer] = answers(finer)
    best = _best(tried, reachable)
    return best.widths, best.recall


def _near(widths: Widths, widest: int) -> list[int]:
    """Smaller steps about both widths, none where nothing can be narrower."""
    if widths.wide == NARROWEST:
        return []
    ends = {width * side for width in (widths.narrow, widths.wide) for side in (1, 2)}
    return sorted(
        {round(end * step) for end in ends if NARROWEST < end <= widest for step in _FINER}
    )


def _best(tried: dict[int, Answer], target: float) -> _Plan:
    pairs = combinations_with_replacement(sorted(tried), 2)
    plans = [plan for pair in pairs if (plan := _plan(tried, *pair, target))]
    return min(plans, key=lambda plan: plan.price)


def _plan(tried: dict[int, Answer], narrow: int, wide: int, target: float) -> _Plan | None:
    """With as few doubtful queries as reach the target, if any number does."""
    similarities, shares = tried[narrow]
    order = np.argsort(similarities, kind="stable")
    gained = np.cumsum((tried[wide][1] - shares)[order])
    recalls = np.concatenate([[0.0], gained]) / len(shares) + shares.mean()
    doubtful = int(np.argmax(recalls >= target))
    if recalls[doubtful] < target:
        return None
    first, second = narrow + _FIXED, wide + _FIXED
    if not doubtful:
        return _Plan(first, first, float(recalls[0]), Widths(narrow, narrow))
    cost = first + doubtful / len(shares) * second
    widths = Widths(narrow, wide, _between(similarities[order], doubtful))
    return _Plan(cost, first + second, float(recalls[doubtful]), widths)


def _between(ascending: NDArray[np.float32], below: int) -> float:
    """A threshold that ``below`` of the similarities are under."""
    if below == len(ascending):
        return _ALWAYS
    return float((ascending[below - 1] + ascending[below]) / 2)
