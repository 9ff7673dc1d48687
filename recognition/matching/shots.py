"""From similarities to a category's shots to one score a category."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recognition.core.arrays import Floats
from recognition.core.types import Ids, Matrix
from recognition.matching.support import SupportSet

NEARNESS = 0.1
"""In units of cosine: near 0 the nearest shot decides, far above 0.5 the prototype does."""


def shot_scores(queries: Matrix, shots: Matrix, members: list[NDArray[np.intp]]) -> Floats:
    """Return scores ``(queries, categories)`` of each category's shots, given as rows of
    ``shots``.
    """
    if not members:
        return np.empty((len(queries), 0))
    counts = np.array([len(rows) for rows in members])
    return pooled_scores(queries, shots[np.concatenate(members)], counts)


def pooled_scores(queries: Matrix, shots: Matrix, counts: NDArray[np.intp]) -> Floats:
    """Return the scores ``(queries, categories)`` of shots that lie category after category,
    ``counts`` ``(categories,)`` of each.

    A soft maximum of the cosines, less the count of shots, so that many shots are no advantage by
    themselves: with one shot its cosine, with more between nearest shot and prototype (the
    log-sum-exp pooling of multiple-instance learning, Ramon & De Raedt 2000).
    """
    cosines = np.asarray(queries @ shots.T, np.float64)
    sums = np.add.reduceat(np.exp(cosines / NEARNESS), np.cumsum(counts) - counts, axis=1)
    scores: Floats = NEARNESS * np.log(sums / counts)
    return scores


def members_of(support: SupportSet) -> tuple[Ids, list[NDArray[np.intp]]]:
    """Return the categories ``(c,)`` in ascending order, and the rows of each."""
    groups = list(support.groups()) if len(support) else []
    return np.array([category for category, _ in groups], np.int64), [rows for _, rows in groups]
