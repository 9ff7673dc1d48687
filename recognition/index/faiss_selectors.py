"""Filters that FAISS applies while it searches."""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

_faiss: Any = faiss  # FAISS's stubs know the C++ constructors, not the Python ones used here.


def selector(allowed: NDArray[np.bool_]) -> Any:
    """A FAISS selector of the slots that are true in ``allowed``, shape ``(slots,)``."""
    return _faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))


def within(allowed: NDArray[np.bool_]) -> Any:
    """The parameters of a search among the slots that are true in ``allowed``."""
    return _faiss.SearchParameters(sel=selector(allowed))
