"""The kind follows the size, and does not flutter at a border."""

from __future__ import annotations

import pytest

from recognition.index.kinds import IndexKind, kind_for

EXACT, HNSW, FP16 = IndexKind.EXACT, IndexKind.HNSW, IndexKind.HNSW_FP16


@pytest.mark.parametrize(
    ("count", "current", "expected"),
    [
        (0, EXACT, EXACT),
        (50_000, EXACT, EXACT),
        (50_001, EXACT, FP16),
        (40_000, FP16, FP16),
        (39_999, FP16, EXACT),
        (2_000_000, FP16, FP16),
        (60_000, HNSW, FP16),
        (39_999, HNSW, EXACT),
        (10, FP16, EXACT),
    ],
)
def test_the_kind_for_a_size(count: int, current: IndexKind, expected: IndexKind) -> None:
    assert kind_for(count, current) is expected
