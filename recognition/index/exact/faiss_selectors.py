"""Filters that FAISS applies while it searches."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

_faiss: Any = faiss  # FAISS's stubs know the C++ constructors, not the Python ones used here.


def selector(allowed: NDArray[np.bool_]) -> Any:
    """Return a FAISS selector of the slots that are true in ``allowed``, shape ``(slots,)``."""
    return _faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))


def among(chosen: Any, ef: int | None = None) -> Any:
    """Return the parameters of a search among the slots of a selector (None: all).

    ``ef`` is the width of a graph's search.
    """
    if chosen is None and ef is not None:
        return _among_all(ef)
    options = {} if chosen is None else {"sel": chosen}
    if ef is None:
        return _faiss.SearchParameters(**options)
    return _faiss.SearchParametersHNSW(efSearch=ef, **options)


@lru_cache(maxsize=128)
def _among_all(ef: int) -> Any:
    return _faiss.SearchParametersHNSW(efSearch=ef)
