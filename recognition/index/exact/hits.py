"""FAISS's answer, arrays of similarities and slots, as hits."""

from __future__ import annotations

import heapq
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from recognition.index.columns import KINDS, Columns
from recognition.index.protocol import Hit

_kind = KINDS.__getitem__


def hits_of(
    columns: Columns, similarities: NDArray[np.float32], slots: NDArray[np.int64]
) -> list[list[Hit]]:
    """Return the hits of each query, ``similarities`` and ``slots`` being ``(queries, limit)``, the
    best first.

    FAISS ends with slot -1 and a similarity near -3.4e38 where it found less: left out here.
    Similarities are clipped to [-1, 1], which rounding may leave by 1e-7.
    """
    ids, categories, kinds = columns.take(slots)
    rows = (ids, categories, kinds, similarities, slots)
    return [_hits(*row) for row in zip(*(column.tolist() for column in rows), strict=True)]


def _hits(
    ids: list[int],
    categories: list[int],
    kinds: list[int],
    similarities: list[float],
    slots: list[int],
) -> list[Hit]:
    found = len(slots) if slots[-1] >= 0 else slots.index(-1)
    if similarities[0] > 1.0 or similarities[-1] < -1.0:
        similarities = [min(max(each, -1.0), 1.0) for each in similarities]
    return list(map(Hit, ids[:found], categories, map(_kind, kinds), similarities))


def merged(left: list[list[Hit]], right: list[list[Hit]], limit: int) -> list[list[Hit]]:
    """Merge two lists of hits, both best first, into the ``limit`` best, query by query."""
    return [
        list(islice(heapq.merge(*pair, key=lambda hit: -hit.similarity), limit))
        for pair in zip(left, right, strict=True)
    ]
