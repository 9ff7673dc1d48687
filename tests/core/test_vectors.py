"""A vector is read as it was stored, whatever the machine's byte order."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.core.vectors import pack, unpack, unpack_rows

VECTORS = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)


@pytest.mark.parametrize("stored_as", ["<f4", ">f4", "<f8"])
def test_a_vector_of_any_machine_is_stored_in_one_form(stored_as):
    assert pack(VECTORS[0].astype(stored_as)) == VECTORS[0].astype("<f4").tobytes()


def test_vectors_are_read_one_by_one_or_together():
    rows = [pack(vector) for vector in VECTORS]
    np.testing.assert_array_equal(unpack(rows[1]), VECTORS[1])
    np.testing.assert_array_equal(unpack_rows([rows[0], memoryview(rows[2])], 5), VECTORS[[0, 2]])
    assert unpack_rows([], 5).shape == (0, 5)
    assert unpack(rows[0]).flags.writeable


def test_rows_of_another_dimension_are_refused():
    with pytest.raises(ValueError, match="reshape"):
        unpack_rows([pack(VECTORS[0]), pack(VECTORS[1])[:-4]], 5)
