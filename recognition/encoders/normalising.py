"""Rows of a tower to embeddings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recognition.core.errors import InvalidInput, VectorError
from recognition.core.types import Matrix


def normalise(rows: Matrix) -> Matrix:
    """Scale rows to length one. Raises VectorError for a row without direction."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    if not (np.isfinite(norms).all() and (norms > 0).all()):
        raise VectorError("The encoder finds nothing in one of the inputs to compare it by.")
    return np.ascontiguousarray(rows / norms, dtype=np.float32)


def refuse_blank(texts: Sequence[str]) -> None:
    """Raise InvalidInput for a text of nothing but space."""
    if any(not text.strip() for text in texts):
        raise InvalidInput("A text to encode is blank.")
