"""Ids are kept in a table of their own, since a dict of a million takes too much memory."""

from __future__ import annotations

import numpy as np

from recognition.index.exact.id_map import MISSING, IdMap


def test_ids_are_found_moved_and_forgotten_as_in_a_dict() -> None:
    rng = np.random.default_rng(0)
    id_map, expected = IdMap(), dict[int, int]()
    for _ in range(300):
        ids = np.unique(rng.integers(0, 5000, size=rng.integers(1, 60)))
        slots = rng.integers(0, 10**6, size=ids.size)
        slots[rng.random(ids.size) < 0.3] = MISSING
        id_map.put(ids, slots)
        expected.update(zip(ids.tolist(), slots.tolist(), strict=True))
    asked = np.arange(5000)
    assert id_map.find(asked).tolist() == [expected.get(id_, MISSING) for id_ in asked.tolist()]
