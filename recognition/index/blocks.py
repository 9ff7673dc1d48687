"""Many entries as arrays, one row an entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.core.types import Ids, Matrix
from recognition.index.columns import KINDS, Columns
from recognition.index.protocol import Entry


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Entries as arrays of ``n`` rows: ids, categories, positions in KINDS, vectors."""

    ids: Ids
    categories: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    vectors: Matrix

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def picked(cls, columns: Columns, rows: NDArray[np.int64], vectors: Matrix) -> Block:
        """Copy some rows of ``columns`` beside their vectors."""
        return cls(columns.ids[rows], columns.categories[rows], columns.kinds[rows], vectors)

    def rows(self, wanted: slice | NDArray[np.bool_]) -> Block:
        return Block(
            self.ids[wanted], self.categories[wanted], self.kinds[wanted], self.vectors[wanted]
        )

    def entries(self) -> Iterator[Entry]:
        rows = zip(self.ids.tolist(), self.categories.tolist(), self.kinds.tolist(), strict=True)
        for (id_, category, kind), vector in zip(rows, self.vectors, strict=True):
            yield Entry(id_, category, KINDS[kind], vector)
