"""Vectors, entries and a change log to test indexes with."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Sequence

import numpy as np

from recognition.core.types import EvidenceKind, Matrix
from recognition.index.protocol import START, Change, Entry, Position

DIMENSION = 32


def unit_vectors(count: int, seed: int = 0, dimension: int = DIMENSION) -> Matrix:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def entries_of(
    vectors: Matrix,
    first_id: int = 1,
    categories: Sequence[int] | None = None,
    kind: EvidenceKind = EvidenceKind.REFERENCE,
) -> list[Entry]:
    return [
        Entry(first_id + row, categories[row] if categories else first_id + row, kind, vector)
        for row, vector in enumerate(vectors)
    ]


class MemoryLog:
    """A gallery's truth in memory: what the database's tables hold, behind one lock."""

    _tokens = itertools.count(1)

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._log: list[tuple[Position, int]] = []
        self._live: dict[int, Entry] = {}
        self._position = START
        self._last_removal = 0
        self.reads = 0

    def add(self, entry: Entry) -> int:
        with self._lock:
            self._live[entry.id] = entry
            return self._logged(entry.id)

    def remove(self, embedding: int) -> int:
        with self._lock:
            del self._live[embedding]
            self._last_removal = self._logged(embedding)
            return self._last_removal

    def prune(self) -> None:
        """Forget the log, as a database that keeps only its newest part does."""
        with self._lock:
            self._log.clear()

    def generation(self) -> int:
        return self.position().generation

    def position(self) -> Position:
        with self._lock:
            return self._position

    def token(self, generation: int) -> int | None:
        with self._lock:
            known = {at.generation: at.token for at, _ in self._log}
            return {START.generation: START.token, **known}.get(generation)

    def removed_since(self, generation: int) -> bool:
        with self._lock:
            return self._last_removal > generation

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        with self._lock:
            self.reads += 1
            pruned = self._position.generation - len(self._log)
            start = max(after - pruned, 0)
            return [
                Change(position, embedding, self._live.get(embedding))
                for position, embedding in self._log[start : start + limit]
            ]

    def entries(self) -> tuple[Position, Iterable[Entry]]:
        with self._lock:
            return self._position, iter(list(self._live.values()))

    def _logged(self, embedding: int) -> int:
        self._position = Position(self._position.generation + 1, next(self._tokens))
        self._log.append((self._position, embedding))
        return self._position.generation
