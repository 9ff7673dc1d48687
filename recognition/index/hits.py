"""FAISS's answer, arrays of similarities and slots, as hits."""

from __future__ import annotations

import heapq
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from recognition.index.columns import KINDS, Columns
from recognition.index.protocol import Hit


def hits_of(
    columns: Columns, similarities: NDArray[np.float32], slots: NDArray[np.int64]
) -> list[list[Hit]]:
    """The hits of each query, ``similarities`` and ``slots`` being ``(queries, limit)``.

    FAISS fills what it did not find with slot -1 and a similarity near -3.4e38: left out here.
    Similarities are clipped to [-1, 1], which rounding may leave by 1e-7.
    """
    ids, categories, kinds = columns.take(slots)
    return [
        [
            Hit(id_, category, KINDS[kind], 1.0 if similarity > 1.0 else max(similarity, -1.0))
            for id_, category, kind, similarity, slot in zip(*row, strict=True)
            if slot >= 0
        ]
        for row in zip(
            ids.tolist(),
            categories.tolist(),
            kinds.tolist(),
            similarities.tolist(),
            slots.tolist(),
            strict=True,
        )
    ]


def merged(left: list[list[Hit]], right: list[list[Hit]], limit: int) -> list[list[Hit]]:
    """The ``limit`` best of two lists of hits, query by query, both of them best first."""
    return [
        list(islice(heapq.merge(*pair, key=lambda hit: -hit.similarity), limit))
        for pair in zip(left, right, strict=True)
    ]
