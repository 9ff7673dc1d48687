"""Which kind of index a gallery of a given size gets."""

from __future__ import annotations

from enum import StrEnum


class IndexKind(StrEnum):
    """How vectors are kept and searched."""

    EXACT = "exact"
    HNSW = "hnsw"
    HNSW_FP16 = "hnsw_fp16"


_LARGEST = {IndexKind.EXACT: 50_000, IndexKind.HNSW: 500_000}
_KINDS = (IndexKind.EXACT, IndexKind.HNSW, IndexKind.HNSW_FP16)
_SHRINK = 0.8


def kind_for(count: int, current: IndexKind = IndexKind.EXACT) -> IndexKind:
    """The kind for ``count`` vectors: exact to 50,000, HNSW above, in float16 above 500,000.

    A gallery leaves a kind for a smaller one's only at 80 % of the size at which it came, so
    that one at the border is not rebuilt again and again.
    """
    for kind in _KINDS[: _KINDS.index(current)]:
        if count < _SHRINK * _LARGEST[kind]:
            return kind
    for kind in _KINDS[_KINDS.index(current) : -1]:
        if count <= _LARGEST[kind]:
            return kind
    return _KINDS[-1]
