"""The index's edge: no vector goes in, and none is searched for, before it was looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from recognition.core.errors import InvalidInput, VectorError
from recognition.core.types import Matrix
from recognition.index.protocol import Entry

NORM_TOLERANCE = 1e-3
"""How far an embedding's L2 norm may be from 1; float16 round trips stay well within."""

_LEAST, _MOST = (1 - NORM_TOLERANCE) ** 2, (1 + NORM_TOLERANCE) ** 2


def check_vectors(vectors: object, dimension: int) -> Matrix:
    """Check vectors and return them, C-contiguous: shape ``(n, dimension)``, float32, finite, of
    norm 1.

    Raises VectorError, saying which property fails and for which row.
    """
    if not isinstance(vectors, np.ndarray):
        raise VectorError(f"Vectors must be a NumPy array, not {type(vectors).__name__}.")
    if vectors.ndim != 2 or vectors.shape[1] != dimension:
        raise VectorError(f"Vectors must have shape (n, {dimension}), not {vectors.shape}.")
    if vectors.dtype != np.float32:
        raise VectorError(f"Vectors must be float32, not {vectors.dtype}.")
    squares = np.vecdot(vectors, vectors).tolist()
    for row, square in enumerate(squares):  # a search has one: array operations would cost more
        if not _LEAST <= square <= _MOST:
            raise VectorError(_what_is_wrong(row, square))
    return np.ascontiguousarray(vectors)


def _what_is_wrong(row: int, square: float) -> str:
    if not math.isfinite(square):
        return f"Vector {row} has a value that is not finite."
    return f"Vector {row} has norm {math.sqrt(square):.6g}; embeddings have norm 1."


def stack_vectors(entries: Sequence[Entry], dimension: int) -> Matrix:
    """Stack the checked vectors of entries, shape ``(n, dimension)``. Raises VectorError."""
    for entry in entries:
        shape, dtype = np.shape(entry.vector), getattr(entry.vector, "dtype", None)
        if shape != (dimension,) or dtype != np.float32:
            raise VectorError(
                f"The vector of embedding {entry.id} must be float32 of shape ({dimension},), "
                f"not {dtype} of shape {shape}."
            )
    if not entries:
        return np.empty((0, dimension), np.float32)
    return check_vectors(np.stack([entry.vector for entry in entries]), dimension)


def check_limit(limit: int) -> int:
    """Check a number of results to ask for, and return it. Raises InvalidInput below 1."""
    if limit < 1:
        raise InvalidInput(f"A search asks for at least 1 result, not {limit}.")
    return limit
