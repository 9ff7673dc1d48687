"""A bit a dimension of each vector: near vectors share most of them, and a scan of all is short.

Each bit tells on which side of the average a vector lies in a random direction, so the bits in
which two vectors differ count the angle between them (Charikar, "Similarity Estimation Techniques
from Rounding Algorithms", 2002), more closely with orthogonal directions (Ji et al., "Super-Bit
Locality-Sensitive Hashing", 2012).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import faiss
import numpy as np
from numpy.typing import NDArray

from recognition.core.types import Matrix
from recognition.index.exact.faiss_selectors import among

_BITS = 8
_SAMPLE = 20_000
_ROWS_AT_ONCE = 8192


class Sketches:
    """Binary sketches of a graph's slots, in their order; ``b`` bits each, the dimension or a
    little more.

    ``directions`` are ``(b, d)``, ``thresholds`` the average vector's place in each, ``(b,)``, and
    ``codes`` the bits, ``(n, b / 8)``.
    """

    def __init__(
        self, directions: Matrix, thresholds: NDArray[np.float32], codes: NDArray[np.uint8]
    ) -> None:
        self.directions, self.thresholds = directions, thresholds
        self._scanned = cast(Any, faiss).IndexBinaryFlat(len(directions))
        self._scanned.use_heap = False  # counting distances, of which there are few, is faster
        self._scanned.add(codes)

    @classmethod
    def of(cls, index: Any) -> Sketches:
        """Make the sketches of a FAISS index's vectors, about the average of some of them."""
        directions = _directions(index.d)
        rng, middle = np.random.default_rng(index.ntotal), np.zeros(index.d, np.float32)
        if index.ntotal:
            sample = rng.integers(index.ntotal, size=min(_SAMPLE, index.ntotal))
            middle = index.reconstruct_batch(sample).mean(axis=0)
        empty = np.empty((0, len(directions) // _BITS), np.uint8)
        sketches = cls(directions, directions @ middle, empty)
        sketches.catch_up(index)
        return sketches

    def __len__(self) -> int:
        return int(self._scanned.ntotal)

    @property
    def codes(self) -> NDArray[np.uint8]:
        """Return a copy of the bits, ``(n, b / 8)``."""
        flat: NDArray[np.uint8] = faiss.vector_to_array(self._scanned.xb)
        return flat.reshape(len(self), -1)

    def catch_up(self, index: Any) -> None:
        """Add those of the vectors that were added to the index."""
        for start in range(len(self), index.ntotal, _ROWS_AT_ONCE):
            rows = min(_ROWS_AT_ONCE, index.ntotal - start)
            self._scanned.add(self._bits(index.reconstruct_n(start, rows)))

    def picked(self, slots: NDArray[np.int64] | slice) -> Sketches:
        """Copy the sketches of some slots, in their order."""
        return Sketches(self.directions, self.thresholds, self.codes[slots])

    def replaced(self, slots: NDArray[np.int64], vectors: Matrix) -> Sketches:
        """Return these sketches with those of other vectors at some slots."""
        codes = self.codes
        codes[slots] = self._bits(vectors)
        return Sketches(self.directions, self.thresholds, codes)

    def nearest(self, queries: Matrix, count: int, chosen: Any = None) -> NDArray[np.int64]:
        """Find the slots with the sketches most like each query's, ``(n, count)``, -1 where there
        are no more among those of a selector.
        """
        with _single_thread():
            parameters = None if chosen is None else among(chosen)
            slots: NDArray[np.int64]
            _, slots = self._scanned.search(self._bits(queries), count, params=parameters)
        return slots

    def _bits(self, vectors: Matrix) -> NDArray[np.uint8]:
        return np.packbits(vectors @ self.directions.T > self.thresholds, axis=1)


def nearest_sketched(
    index: Any, sketches: Sketches, queries: Matrix, wanted: int, compared: int, chosen: Any = None
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return similarities and slots ``(n, wanted)``, as FAISS gives them: the nearest among as many
    vectors of the index as are ``compared`` because their sketches are the nearest.
    """
    candidates = sketches.nearest(queries, compared, chosen)
    similarities = np.full((len(queries), wanted), -np.inf, np.float32)
    slots = np.full((len(queries), wanted), -1, np.int64)
    for row, query in enumerate(queries):
        near = candidates[row][candidates[row] >= 0]
        found = index.reconstruct_batch(near) @ query
        best = np.argsort(-found, kind="stable")[:wanted]
        similarities[row, : len(best)], slots[row, : len(best)] = found[best], near[best]
    return similarities, slots


@contextmanager
def _single_thread() -> Iterator[None]:
    """FAISS would wait for threads of its own even for one query, on cores that others use."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _directions(dimension: int) -> Matrix:
    bits = -(-dimension // _BITS) * _BITS
    rng = np.random.default_rng(bits)
    rotation, _ = np.linalg.qr(rng.standard_normal((bits, bits)))
    return np.ascontiguousarray(rotation[:, :dimension], np.float32)
