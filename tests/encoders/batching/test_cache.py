from __future__ import annotations

import numpy as np

from recognition.encoders.batching.cache import VectorCache

A, B, C = (np.full(4, i, np.float32) for i in range(3))


def test_the_least_recently_used_goes_first():
    cache = VectorCache(2)
    cache.put(b"a", A)
    cache.put(b"b", B)
    assert cache.get(b"a") is not None
    cache.put(b"c", C)
    assert cache.get(b"b") is None
    np.testing.assert_array_equal(cache.get(b"a"), A)
    np.testing.assert_array_equal(cache.get(b"c"), C)
    assert len(cache) == 2


def test_a_cache_of_nothing_keeps_nothing():
    cache = VectorCache(0)
    cache.put(b"a", A)
    assert cache.get(b"a") is None


def test_a_remembered_row_does_not_keep_its_batch_and_cannot_be_changed():
    cache = VectorCache(1)
    batch = np.zeros((1000, 4), np.float32)
    cache.put(b"a", batch[0])
    found = cache.get(b"a")
    assert found.base is None
    assert not found.flags.writeable
