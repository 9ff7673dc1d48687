"""Vectors as they are stored: little-endian float32, one after another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recognition.core.types import Matrix, Vector

STORED = np.dtype("<f4")


def pack(vectors: NDArray[np.floating]) -> bytes:
    """Encode a vector ``(d,)``, or several ``(n, d)`` one after another."""
    return np.ascontiguousarray(vectors, dtype=STORED).tobytes()


def unpack(data: bytes | memoryview) -> Vector:
    """Decode one vector; returns a float32 copy ``(d,)``."""
    return np.frombuffer(data, STORED).astype(np.float32)


def unpack_rows(rows: Sequence[bytes | memoryview], dimension: int) -> Matrix:
    """Decode many vectors at once, which for thousands is much faster than one by one.

    Returns a float32 copy ``(n, dimension)``, also of no rows. Raises ValueError for rows of
    another dimension.
    """
    return unpack(b"".join(rows)).reshape(len(rows), dimension)
