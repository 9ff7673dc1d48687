"""What an index knows of its vectors beside their numbers: id, category, kind, in arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from recognition.core.types import EvidenceKind, Ids
from recognition.index.protocol import Entry, Scope

T = TypeVar("T", bound=np.generic)

KINDS = (EvidenceKind.REFERENCE, EvidenceKind.PROMPT)
"""A kind is stored as its position here."""


class Columns:
    """Ids, categories and kinds by slot, 17 bytes a slot; adding costs amortised constant time."""

    def __init__(self) -> None:
        self._count = 0
        self._ids: Ids = np.empty(0, np.int64)
        self._categories: NDArray[np.int64] = np.empty(0, np.int64)
        self._kinds: NDArray[np.uint8] = np.empty(0, np.uint8)

    def __len__(self) -> int:
        return self._count

    @property
    def ids(self) -> Ids:
        return self._ids[: self._count]

    @property
    def categories(self) -> NDArray[np.int64]:
        return self._categories[: self._count]

    @property
    def kinds(self) -> NDArray[np.uint8]:
        return self._kinds[: self._count]

    def take(self, slots: NDArray[np.int64]) -> tuple[Ids, NDArray[np.int64], NDArray[np.uint8]]:
        """Read the ids, categories and kinds at slots of any shape; -1 stands for any slot."""
        return self._ids.take(slots), self._categories.take(slots), self._kinds.take(slots)

    def append(self, entries: Sequence[Entry]) -> None:
        start, end = self._count, self._count + len(entries)
        self._reserve(end)
        self._count = end
        self.write(np.arange(start, end), entries)

    def extend(self, ids: Ids, categories: NDArray[np.int64], kinds: NDArray[np.uint8]) -> None:
        start, end = self._count, self._count + len(ids)
        self._reserve(end)
        self._count = end
        self._ids[start:end] = ids
        self._categories[start:end] = categories
        self._kinds[start:end] = kinds

    def write(self, slots: NDArray[np.int64], entries: Sequence[Entry]) -> None:
        self._ids[slots] = [entry.id for entry in entries]
        self._categories[slots] = [entry.category for entry in entries]
        self._kinds[slots] = [KINDS.index(entry.kind) for entry in entries]

    def move(self, source: NDArray[np.int64], target: NDArray[np.int64]) -> None:
        for column in (self._ids, self._categories, self._kinds):
            column[target] = column[source]

    def reorder(self, order: NDArray[np.int64]) -> None:
        """Give each slot what the slot that ``order`` names had; all slots are named once."""
        for column in (self._ids, self._categories, self._kinds):
            column[: self._count] = column[order]

    def truncate(self, count: int) -> None:
        self._count = count

    def within(self, scope: Scope) -> NDArray[np.bool_]:
        """Say which slots a scope allows."""
        allowed = np.ones(self._count, np.bool_)
        if scope.categories is not None:
            allowed &= np.isin(self.categories, list(scope.categories))
        if scope.without:
            allowed &= ~np.isin(self.categories, list(scope.without))
        if scope.kind is not None:
            allowed &= self.kinds == KINDS.index(scope.kind)
        return allowed

    def _reserve(self, count: int) -> None:
        if count <= len(self._ids):
            return
        capacity = max(count, 2 * len(self._ids), 64)
        self._ids = _grown(self._ids, self._count, capacity)
        self._categories = _grown(self._categories, self._count, capacity)
        self._kinds = _grown(self._kinds, self._count, capacity)


def _grown(column: NDArray[T], count: int, capacity: int) -> NDArray[T]:
    grown = np.empty(capacity, column.dtype)
    grown[:count] = column[:count]
    return grown
