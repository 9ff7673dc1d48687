"""How shares are written in the cells of a table."""

from __future__ import annotations

from recognition.evaluation.metrics import Interval
from recognition.evaluation.results import Rate


def percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"


def with_interval(rate: Interval | Rate | None) -> str:
    """A mean with half the width of its confidence interval: ``87.3 ± 1.2``."""
    if rate is None:
        return "-"
    mean = rate.mean if isinstance(rate, Interval) else rate.value
    half = (rate.high - rate.low) / 2
    return percent(mean) if half == float("inf") else f"{percent(mean)} ± {percent(half)}"


def signed(interval: Interval) -> str:
    half = (interval.high - interval.low) / 2
    return f"{100 * interval.mean:+.1f} ± {100 * half:.1f}"
