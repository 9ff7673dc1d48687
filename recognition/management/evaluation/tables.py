"""Tables that can be read in a terminal and put into a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recognition.matching.evaluation.metrics import Interval
from recognition.matching.evaluation.results import Rate


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown, its columns aligned."""
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(f"| {' | '.join(map(str.ljust, line, widths))} |" for line in lines)


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
