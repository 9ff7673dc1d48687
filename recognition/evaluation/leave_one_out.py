"""How often a reference's nearest neighbour is of its own category: nothing learnt, nothing set."""

from __future__ import annotations

import numpy as np

from recognition.matching.support import SupportSet

LARGEST = 2000
_BLOCK = 256


def leave_one_out(support: SupportSet, *, seed: int = 0) -> tuple[int, int]:
    """Count references that have a companion in their category, and how many of them have their
    nearest other reference there (Cover & Hart 1967). Of many a sample is asked, by ``seed``.
    """
    references = support.references
    categories, counts = np.unique(references.categories, return_counts=True)
    rows = np.flatnonzero(np.isin(references.categories, categories[counts > 1]))
    if len(rows) > LARGEST:
        rows = np.sort(np.random.default_rng(seed).choice(rows, LARGEST, replace=False))
    right = 0
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        similarities = references.vectors[block] @ references.vectors.T
        similarities[np.arange(len(block)), block] = -np.inf
        nearest = similarities.argmax(axis=1)
        right += int((references.categories[nearest] == references.categories[block]).sum())
    return len(rows), right
