"""How long the steps of one operation took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Timings(dict[str, float]):
    """Milliseconds by step."""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            self[name] = round((perf_counter() - start) * 1000, 3)
