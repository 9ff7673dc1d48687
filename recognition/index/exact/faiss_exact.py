"""Exact search with FAISS: every similarity is computed, none is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import faiss
import numpy as np
from numpy.typing import NDArray

from recognition.core.errors import VectorError
from recognition.core.types import Ids, Matrix
from recognition.index.blocks import Block
from recognition.index.checks import check_limit, check_vectors, stack_vectors
from recognition.index.columns import Columns
from recognition.index.exact.faiss_selectors import among, selector
from recognition.index.exact.hits import hits_of
from recognition.index.exact.id_map import MISSING, IdMap
from recognition.index.protocol import Entry, Hit, Scope


class ExactIndex:
    """Inner product over an ``IndexFlatIP`` whose slots this class gives to ids.

    It keeps the map from slots to ids itself, where an ``IndexIDMap2`` would keep another: the
    category and kind of an id, needed to filter inside FAISS, are kept by slot too. The slots
    have no gaps: a removal moves the last vectors into the slots that it empties.
    """

    def __init__(self, dimension: int) -> None:
        if dimension < 1:
            raise VectorError(f"A vector has at least 1 dimension, not {dimension}.")
        self._dimension = dimension
        self._flat = faiss.IndexFlatIP(dimension)
        self._columns = Columns()
        self._slots = IdMap()

    @property
    def dimension(self) -> int:
        return self._dimension

    def __len__(self) -> int:
        return len(self._columns)

    def add(self, entries: Sequence[Entry]) -> None:
        latest = list({entry.id: entry for entry in entries}.values())
        vectors = stack_vectors(latest, self._dimension)
        slots = self._slots.find(np.array([entry.id for entry in latest], np.int64))
        present = slots != MISSING
        self._replace(slots[present], _picked(latest, present), vectors[present])
        self._append(_picked(latest, ~present), vectors[~present])

    def remove(self, ids: Ids) -> int:
        found = self._slots.find(np.unique(ids))
        emptied = np.sort(found[found != MISSING])
        if not emptied.size:
            return 0
        before, after = len(self), len(self) - emptied.size
        self._slots.put(self._columns.ids[emptied], np.full(emptied.size, MISSING, np.int64))
        gaps = emptied[emptied < after]
        movers = np.setdiff1d(np.arange(after, before), emptied, assume_unique=True)
        self._columns.move(movers, gaps)
        self._slots.put(self._columns.ids[gaps], gaps)
        stored = self._stored()
        stored[gaps] = stored[movers]
        self._columns.truncate(after)
        self._flat.remove_ids(faiss.IDSelectorRange(after, before))
        return int(emptied.size)

    def search(self, queries: Matrix, limit: int, scope: Scope | None = None) -> list[list[Hit]]:
        checked = check_vectors(queries, self._dimension)
        wanted = min(check_limit(limit), len(self))
        if not wanted:
            return [[] for _ in checked]
        chosen = None if scope is None else selector(self._columns.within(scope))
        parameters = None if chosen is None else among(chosen)
        similarities, slots = self._flat.search(checked, wanted, params=parameters)
        return hits_of(self._columns, similarities, slots)

    def entries(self) -> Iterator[Entry]:
        return self.block().entries()

    def block(self) -> Block:
        """Copy everything, so that later changes leave the copy alone."""
        columns = self._columns
        return Block(
            columns.ids.copy(),
            columns.categories.copy(),
            columns.kinds.copy(),
            self._stored().copy(),
        )

    def load(self, block: Block) -> None:
        """Add a block of new, distinct ids, as one. Raises VectorError."""
        vectors = check_vectors(block.vectors, self._dimension)
        start = len(self)
        self._flat.add(vectors)
        self._columns.extend(block.ids, block.categories, block.kinds)
        self._slots.put(self._columns.ids[start:], np.arange(start, len(self)))

    def _replace(self, slots: NDArray[np.int64], entries: list[Entry], vectors: Matrix) -> None:
        if entries:
            self._stored()[slots] = vectors
            self._columns.write(slots, entries)

    def _append(self, entries: list[Entry], vectors: Matrix) -> None:
        if entries:
            start = len(self)
            self._flat.add(vectors)
            self._columns.append(entries)
            self._slots.put(self._columns.ids[start:], np.arange(start, len(self)))

    def _stored(self) -> Matrix:
        """FAISS's own memory of the vectors, shape ``(n, d)``; valid until the next addition."""
        if not self._flat.ntotal:
            return np.empty((0, self._dimension), np.float32)
        memory = faiss.rev_swig_ptr(self._flat.get_xb(), self._flat.ntotal * self._dimension)
        stored: Matrix = memory.reshape(-1, self._dimension)
        return stored


def _picked(entries: list[Entry], wanted: NDArray[np.bool_]) -> list[Entry]:
    return [entry for entry, pick in zip(entries, wanted, strict=True) if pick]
