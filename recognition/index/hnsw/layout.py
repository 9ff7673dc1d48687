"""Where a graph's vectors and links lie in memory, which is what most of a search waits for."""

from __future__ import annotations

import ctypes
import logging
import sys
from functools import cache
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import reverse_cuthill_mckee

logger = logging.getLogger(__name__)

_ROWS_AT_ONCE = 65_536
_HUGE_PAGE = 2 * 2**20
_MADV_HUGEPAGE, _MADV_COLLAPSE = 14, 25


def gather(index: Any) -> NDArray[np.int64]:
    """Move neighbours in an HNSW index together; returns which slot each new slot was.

    What a search visits one after the other then often shares a page and a cache line
    (Coleman et al., "Graph Reordering for Cache-Efficient Near Neighbor Search", 2022).
    """
    order: NDArray[np.int64] = reverse_cuthill_mckee(_links(index)).astype(np.int64)
    index.permute_entries(order)
    return order


def use_huge_pages(index: Any) -> None:
    """Have the vectors and links of an HNSW index in pages of 2 MiB where the system allows it, so
    that fewer of their addresses are looked up in tables. Takes a moment and changes nothing else.
    """
    storage: Any = faiss.downcast_index(index.storage)
    for vector, size in (
        (storage.codes, storage.codes.size()),
        (index.hnsw.neighbors, index.hnsw.neighbors.size() * np.dtype(np.int32).itemsize),
    ):
        _collapse(int(vector.data()), size)


def lowest_links(hnsw: Any, slots: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return the links of slots ``(n,)`` on the lowest layer, ``(n, width)``, -1 where a place is
    free.
    """
    offsets = faiss.rev_swig_ptr(hnsw.offsets.data(), hnsw.offsets.size())
    starts = offsets[slots].astype(np.int64)
    stored = faiss.rev_swig_ptr(hnsw.neighbors.data(), hnsw.neighbors.size())
    links: NDArray[np.int32] = stored[starts[:, None] + np.arange(hnsw.nb_neighbors(0))]
    return links


def _links(index: Any) -> csr_matrix:
    """The lowest layer as a matrix of which slot links to which."""
    total = index.ntotal
    counts = np.zeros(total + 1, np.int64)
    columns = []
    for first in range(0, total, _ROWS_AT_ONCE):
        rows = lowest_links(index.hnsw, np.arange(first, min(first + _ROWS_AT_ONCE, total)))
        linked = rows >= 0
        counts[first + 1 : first + 1 + len(rows)] = np.count_nonzero(linked, axis=1)
        columns.append(rows[linked])
    joined = np.concatenate(columns)
    return csr_matrix((np.ones(joined.size, np.int8), joined, np.cumsum(counts)), (total, total))


def _collapse(start: int, size: int) -> None:
    first = -(-start // _HUGE_PAGE) * _HUGE_PAGE
    length = (start + size) // _HUGE_PAGE * _HUGE_PAGE - first
    if length <= 0 or (advise := _madvise()) is None:
        return
    for advice in (_MADV_HUGEPAGE, _MADV_COLLAPSE):
        if advise(ctypes.c_void_p(first), ctypes.c_size_t(length), advice):
            logger.debug("no huge pages: the system refuses advice %d", advice)
            return


@cache
def _madvise() -> Any:
    return ctypes.CDLL(None).madvise if sys.platform == "linux" else None
