"""Which kind of index a gallery of a given size gets."""

from __future__ import annotations

from enum import StrEnum


class IndexKind(StrEnum):
    """A way in which vectors are kept and searched."""

    EXACT = "exact"
    HNSW = "hnsw"
    HNSW_FP16 = "hnsw_fp16"


_LARGEST_EXACT = 50_000
_SHRINK = 0.8


def kind_for(count: int, current: IndexKind = IndexKind.EXACT) -> IndexKind:
    """Choose the kind for ``count`` vectors: exact to 50,000, above it HNSW over float16.

    In float16 a graph finds the same neighbours at the same search width, in less time and half the
    memory; float32 is for those who choose it. A gallery leaves its graph only at 80 % of the size
    at which it came, so that one at the border is not rebuilt again and again.
    """
    if current is IndexKind.EXACT:
        return IndexKind.EXACT if count <= _LARGEST_EXACT else IndexKind.HNSW_FP16
    return IndexKind.EXACT if count < _SHRINK * _LARGEST_EXACT else IndexKind.HNSW_FP16
