"""Vectors, entries and a change log to test indexes with."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

import numpy as np

from recognition.index.protocol import Change, Entry
from recognition.types import EvidenceKind, Matrix

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

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._log: list[tuple[int, int]] = []
        self._live: dict[int, Entry] = {}
        self._pruned = 0
        self.reads = 0

    def add(self, entry: Entry) -> int:
        with self._lock:
            self._live[entry.id] = entry
            return self._logged(entry.id)

    def remove(self, embedding: int) -> int:
        with self._lock:
            del self._live[embedding]
            return self._logged(embedding)

    def prune(self) -> None:
        """Forget the log, as a database that keeps only its newest part does."""
        with self._lock:
            self._pruned += len(self._log)
            self._log.clear()

    def generation(self) -> int:
        with self._lock:
            return self._pruned + len(self._log)

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        with self._lock:
            self.reads += 1
            start = max(after - self._pruned, 0)
            return [
                Change(generation, embedding, self._live.get(embedding))
                for generation, embedding in self._log[start : start + limit]
            ]

    def entries(self) -> tuple[int, Iterable[Entry]]:
        with self._lock:
            return self._pruned + len(self._log), iter(list(self._live.values()))

    def _logged(self, embedding: int) -> int:
        generation = self._pruned + len(self._log) + 1
        self._log.append((generation, embedding))
        return generation
