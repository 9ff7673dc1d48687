"""Adding a reference to a large gallery costs what it costs in a small one."""

from __future__ import annotations

import time

import numpy as np

from recognition.index.columns import Columns
from recognition.index.id_map import MISSING, IdMap
from tests.index.builders import entries_of, unit_vectors


def seconds_an_id(id_map: IdMap, columns: Columns, start: int, count: int) -> float:
    entries = entries_of(unit_vectors(1), first_id=start)
    began = time.perf_counter()
    for id_ in range(start, start + count):
        columns.append(entries)
        id_map.put(np.array([id_]), np.array([id_]))
    return (time.perf_counter() - began) / count


def test_bookkeeping_of_the_millionth_id_costs_what_the_thousandth_did() -> None:
    small, large = IdMap(), IdMap()
    few, many = Columns(), Columns()
    ids = np.arange(1_000_000)
    large.put(ids, ids)
    many.extend(ids, ids, np.zeros(len(ids), np.uint8))
    at_thousand = min(seconds_an_id(small, few, 1 + 500 * turn, 500) for turn in range(4))
    first = 1_000_000
    at_million = min(seconds_an_id(large, many, first + 500 * turn, 500) for turn in range(1, 5))
    assert at_million < 2 * at_thousand


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
