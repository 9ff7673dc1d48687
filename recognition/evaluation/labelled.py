"""A labelled set of images, as embeddings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.core.types import Ids, Matrix
from recognition.matching.support import SupportSet


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Embeddings ``(n, d)`` and the class of each ``(n,)``; ``names`` by class number."""

    vectors: Matrix
    labels: Ids
    names: tuple[str, ...]

    @property
    def classes(self) -> Ids:
        return np.unique(self.labels)

    def of(self, classes: Ids) -> LabelledSet:
        kept = np.isin(self.labels, classes)
        return LabelledSet(self.vectors[kept], self.labels[kept], self.names)


def as_support(vectors: Matrix, labels: Ids) -> SupportSet:
    """Make references with their rows as ids and their classes as categories."""
    count = len(labels)
    return SupportSet(
        np.arange(count, dtype=np.int64),
        np.asarray(labels, np.int64),
        np.zeros(count, dtype=bool),
        vectors,
    )


def halves(data: LabelledSet, seed: int) -> tuple[LabelledSet, LabelledSet]:
    """Split the classes into those to tune on, and those to report on."""
    shuffled = np.random.default_rng(seed).permutation(data.classes)
    middle = len(shuffled) // 2
    return data.of(shuffled[:middle]), data.of(shuffled[middle:])


def split_rows(
    labels: Ids, shots: int, generator: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Split rows into ``shots`` references of each class at random, and all others."""
    shuffled = generator.permutation(len(labels))
    order = shuffled[np.argsort(labels[shuffled], kind="stable")]
    _, starts, counts = np.unique(labels[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(starts, counts)
    return order[rank < shots], order[rank >= shots]
