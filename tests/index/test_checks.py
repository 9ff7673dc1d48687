"""Every vector is looked at before it goes in or is searched for."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.core.errors import InvalidInput, VectorError
from recognition.core.types import EvidenceKind
from recognition.index.checks import check_vectors
from recognition.index.exact.faiss_exact import ExactIndex
from recognition.index.protocol import Entry
from tests.index.builders import DIMENSION, entries_of, unit_vectors

good = unit_vectors(3)
with_nan, with_inf = good.copy(), good.copy()
with_nan[1, 4] = np.nan
with_inf[2, 0] = np.inf

BAD = {
    "a list": (good.tolist(), "NumPy array"),
    "one vector": (good[0], "shape"),
    "another dimension": (unit_vectors(3, dimension=DIMENSION + 1), "shape"),
    "float64": (good.astype(np.float64), "float32"),
    "float16": (good.astype(np.float16), "float32"),
    "not a number": (with_nan, "Vector 1 .* not finite"),
    "infinite": (with_inf, "Vector 2 .* not finite"),
    "zero": (np.zeros_like(good), "norm 0"),
    "not normalised": (good * 1.01, "norm 1.01"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_query_is_refused_with_its_reason(name: str) -> None:
    vectors, reason = BAD[name]
    index = ExactIndex(DIMENSION)
    index.add(entries_of(good))
    with pytest.raises(VectorError, match=reason):
        index.search(vectors, 1)


@pytest.mark.parametrize("name", [name for name in BAD if name != "one vector"])
def test_a_bad_entry_is_refused_and_nothing_of_its_batch_goes_in(name: str) -> None:
    vectors, _ = BAD[name]
    index = ExactIndex(DIMENSION)
    entries = entries_of(good, first_id=10)
    bad = [Entry(row, 1, EvidenceKind.REFERENCE, vector) for row, vector in enumerate(vectors)]
    with pytest.raises(VectorError):
        index.add(entries + bad)
    assert len(index) == 0


def test_good_vectors_come_back_contiguous_and_unchanged() -> None:
    strided = unit_vectors(6)[::2]
    checked = check_vectors(strided, DIMENSION)
    assert checked.flags.c_contiguous
    np.testing.assert_array_equal(checked, strided)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_search_for_nothing_is_refused(limit: int) -> None:
    with pytest.raises(InvalidInput):
        ExactIndex(DIMENSION).search(good, limit)


def test_an_index_of_no_dimension_is_refused() -> None:
    with pytest.raises(VectorError):
        ExactIndex(0)
