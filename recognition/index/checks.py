"""The index's edge: no vector goes in, and none is searched for, before it was looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recognition.errors import InvalidInput, VectorError
from recognition.index.protocol import Entry
from recognition.types import Matrix

NORM_TOLERANCE = 1e-3
"""How far an embedding's L2 norm may be from 1; float16 round trips stay well within."""


def check_vectors(vectors: object, dimension: int) -> Matrix:
    """The same vectors, C-contiguous, shape ``(n, dimension)``, float32, finite, of norm 1.

    Raises VectorError, saying which property fails and for which row.
    """
    if not isinstance(vectors, np.ndarray):
        raise VectorError(f"Vectors must be a NumPy array, not {type(vectors).__name__}.")
    if vectors.ndim != 2 or vectors.shape[1] != dimension:
        raise VectorError(f"Vectors must have shape (n, {dimension}), not {vectors.shape}.")
    if vectors.dtype != np.float32:
        raise VectorError(f"Vectors must be float32, not {vectors.dtype}.")
    norms = np.sqrt(np.vecdot(vectors, vectors))
    sound = np.abs(norms - 1.0) <= NORM_TOLERANCE
    if not sound.all():
        raise VectorError(_what_is_wrong(norms, int(np.argmin(sound))))
    return np.ascontiguousarray(vectors)


def _what_is_wrong(norms: NDArray[np.float32], row: int) -> str:
    if not np.isfinite(norms[row]):
        return f"Vector {row} has a value that is not finite."
    return f"Vector {row} has norm {norms[row]:.6g}; embeddings have norm 1."


def stack_vectors(entries: Sequence[Entry], dimension: int) -> Matrix:
    """The checked vectors of entries, shape ``(n, dimension)``. Raises VectorError."""
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
    """A number of results that can be asked for. Raises InvalidInput below 1."""
    if limit < 1:
        raise InvalidInput(f"A search asks for at least 1 result, not {limit}.")
    return limit
