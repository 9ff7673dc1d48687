"""Which categories are most alike."""

from __future__ import annotations

import numpy as np

from recognition.core.arrays import Floats, unit_rows
from recognition.core.types import Ids, Matrix


def category_means(vectors: Matrix, categories: Ids) -> tuple[Ids, Floats]:
    """Return the categories ``(c,)`` in ascending order and the mean of each one's rows
    ``(c, d)``.
    """
    order = np.argsort(categories, kind="stable")
    found, starts, counts = np.unique(categories[order], return_index=True, return_counts=True)
    sums = np.add.reduceat(np.asarray(vectors[order], np.float64), starts, axis=0)
    means: Floats = sums / counts[:, None]
    return found, means


def nearest_pairs(vectors: Matrix, categories: Ids, limit: int) -> list[tuple[int, int, float]]:
    """List the pairs of categories whose means are most alike, with their cosine, most
    alike first.
    """
    found, means = category_means(vectors, categories)
    directions = unit_rows(means)
    cosines = directions @ directions.T
    cosines[np.tril_indices(len(found))] = -2.0
    limit = min(limit, len(found) * (len(found) - 1) // 2)
    nearest = np.argpartition(-cosines, limit, axis=None)[:limit] if limit else np.empty(0, int)
    rows, columns = np.unravel_index(nearest, cosines.shape)
    pairs = zip(found[rows].tolist(), found[columns].tolist(), cosines[rows, columns], strict=True)
    return sorted(((a, b, float(c)) for a, b, c in pairs), key=lambda pair: -pair[2])
