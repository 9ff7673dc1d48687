"""One table, a line a page, and which pages are beyond a limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SERVER_MS = 150.0
WEIGHT_BYTES = 300_000
PAINT_MS = 1000.0


@dataclass(frozen=True, slots=True)
class Row:
    """Of one page or part of one. Without a browser, ``weight_bytes`` and ``paint_ms`` are None;
    a part has none of its own."""

    name: str
    is_page: bool
    median_ms: float
    max_ms: float
    queries: int
    weight_bytes: int | None = None
    paint_ms: float | None = None

    @property
    def beyond(self) -> list[str]:
        """What is too much of it; the server's time is judged by its median."""
        weighed = self.weight_bytes or 0
        return [
            words
            for words, is_beyond in (
                (f"{self.median_ms:.0f} ms", self.median_ms > SERVER_MS),
                (f"{weighed / 1000:.0f} KB", weighed > WEIGHT_BYTES),
                (f"{self.paint_ms or 0:.0f} ms to paint", (self.paint_ms or 0) > PAINT_MS),
            )
            if is_beyond
        ]


HEADINGS = ("page", "median ms", "max ms", "SQL", "weight KB", "first paint ms")


def verdict(rows: Iterable[Row]) -> str:
    limits = f"{SERVER_MS:.0f} ms, {WEIGHT_BYTES // 1000} KB or {PAINT_MS:.0f} ms to paint"
    beyond = [f"{row.name} ({', '.join(row.beyond)})" for row in rows if row.beyond]
    return f"Beyond {limits}: {'; '.join(beyond) if beyond else 'no page'}."


def cells(row: Row) -> tuple[str, ...]:
    unmeasured = "not measured" if row.is_page else "–"
    return (
        row.name,
        f"{row.median_ms:.0f}",
        f"{row.max_ms:.0f}",
        str(row.queries),
        unmeasured if row.weight_bytes is None else f"{row.weight_bytes / 1000:.0f}",
        unmeasured if row.paint_ms is None else f"{row.paint_ms:.0f}",
    )
