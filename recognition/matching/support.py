"""What a query is compared with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.core.arrays import Bools
from recognition.core.types import EvidenceKind, Ids, Matrix

_GRID = 10_000
"""Vectors that agree to this resolution are one reference given twice."""


@dataclass(frozen=True, slots=True)
class SupportSet:
    """References and prompts: embedding ids ``(n,)``, categories ``(n,)``, whether each is a
    prompt ``(n,)``, and vectors ``(n, d)``.
    """

    ids: Ids
    categories: Ids
    prompts: Bools
    vectors: Matrix

    @classmethod
    def of(
        cls,
        ids: Sequence[int] | Ids,
        categories: Sequence[int] | Ids,
        kinds: Sequence[EvidenceKind],
        vectors: NDArray[np.floating],
    ) -> SupportSet:
        return cls(
            np.asarray(ids, np.int64),
            np.asarray(categories, np.int64),
            np.array([kind is EvidenceKind.PROMPT for kind in kinds], dtype=bool),
            np.ascontiguousarray(vectors, dtype=np.float32),
        )

    @classmethod
    def empty(cls, dimension: int) -> SupportSet:
        return cls.of([], [], [], np.empty((0, dimension), np.float32))

    def __len__(self) -> int:
        return len(self.ids)

    def kind(self, row: int) -> EvidenceKind:
        return EvidenceKind.PROMPT if self.prompts[row] else EvidenceKind.REFERENCE

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> SupportSet:
        return SupportSet(
            self.ids[rows], self.categories[rows], self.prompts[rows], self.vectors[rows]
        )

    def of_categories(self, categories: Sequence[int] | Ids) -> SupportSet:
        return self.take(np.isin(self.categories, np.asarray(categories, np.int64)))

    @property
    def references(self) -> SupportSet:
        return self.take(~self.prompts)

    @property
    def texts(self) -> SupportSet:
        return self.take(self.prompts)

    def canonical(self) -> SupportSet:
        """Keep each distinct vector of a category once, in an order that enrolment does not
        decide.
        """
        if not len(self):
            return self
        rounded = np.rint(self.vectors * _GRID).astype(">i2")
        heads = np.column_stack([self.categories, self.prompts]).astype(">i8")
        keys = np.hstack([heads.view(np.uint8), rounded.view(np.uint8)])
        order = np.argsort(self.ids, kind="stable")
        whole = keys[order].view(np.dtype((np.void, keys.shape[1]))).ravel()
        _, first = np.unique(whole, return_index=True)
        return self.take(order[first])

    def groups(self) -> Iterator[tuple[int, NDArray[np.intp]]]:
        """Yield each category with its rows, by category number."""
        order = np.argsort(self.categories, kind="stable")
        categories, starts = np.unique(self.categories[order], return_index=True)
        yield from zip(categories.tolist(), np.split(order, starts[1:]), strict=True)
