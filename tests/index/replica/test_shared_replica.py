"""Processes that share an index on a server never undo each other's changes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from recognition.core.errors import EncoderMismatch, IndexUnavailable, VectorError
from recognition.index.backends import parse_backend
from recognition.index.milvus.milvus import MilvusIndex, drop_collection
from recognition.index.milvus.milvus_client import connect
from recognition.index.protocol import Change, Scope
from recognition.index.replica.shared_replica import SharedReplica
from tests.index.builders import DIMENSION, MemoryLog, entries_of, unit_vectors


class Dies(Exception):
    """A process that ends at the worst moment."""


def replica_of(index: MilvusIndex, log: MemoryLog, lock: threading.Lock) -> SharedReplica:
    return SharedReplica(index, log, lambda: lock, patience=0.1)


def ids(replica: SharedReplica, **options: int) -> set[int]:
    return {hit.id for hit in replica.search(unit_vectors(1, seed=9), 100, **options)[0]}


def test_a_second_process_goes_on_where_the_first_was(milvus_index: MilvusIndex) -> None:
    log, lock = MemoryLog(), threading.Lock()
    entries = entries_of(unit_vectors(6))
    for entry in entries[:4]:
        log.add(entry)
    first = replica_of(milvus_index, log, lock)
    assert ids(first) == {1, 2, 3, 4}
    log.remove(2)
    log.add(entries[5])
    second = replica_of(milvus_index, log, lock)
    assert ids(second) == {1, 3, 4, 6}
    assert second.generation == 6 and second.position == milvus_index.position()
    reads = log.reads
    assert ids(first) == {1, 3, 4, 6}
    assert log.reads == reads
    assert len(first) == 4


def test_what_another_process_has_dropped_is_made_anew(milvus_index: MilvusIndex) -> None:
    log = MemoryLog()
    for entry in entries_of(unit_vectors(3)):
        log.add(entry)
    replica = replica_of(milvus_index, log, threading.Lock())
    assert ids(replica) == {1, 2, 3}
    drop_collection(milvus_index._client, milvus_index._collection)
    log.remove(2)
    assert ids(replica) == {1, 3}


def test_categories_are_found_through_it_too(milvus_index: MilvusIndex) -> None:
    log = MemoryLog()
    for entry in entries_of(unit_vectors(30), categories=[row % 5 for row in range(30)]):
        log.add(entry)
    replica = replica_of(milvus_index, log, threading.Lock())
    [hits] = replica.search_categories(unit_vectors(1), 9, Scope(without=frozenset({0})))
    assert sorted(hit.category for hit in hits) == [1, 2, 3, 4]


def test_a_process_that_dies_before_it_sets_the_position_loses_nothing(
    milvus_index: MilvusIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, lock = MemoryLog(), threading.Lock()
    entries = entries_of(unit_vectors(4))
    log.add(entries[0])
    dying = replica_of(milvus_index, log, lock)
    dying.catch_up()
    log.add(entries[1])
    log.remove(1)

    def die(_: int) -> None:
        raise Dies

    with monkeypatch.context() as patch:
        patch.setattr(milvus_index, "set_position", die)
        with pytest.raises(Dies):
            dying.catch_up()
    log.add(entries[2])
    assert ids(replica_of(milvus_index, log, lock)) == {2, 3}


class Halting(MemoryLog):
    """A log that lets a reader wait between reading changes and applying them."""

    def __init__(self) -> None:
        super().__init__()
        self.halt = False
        self.reading, self.go_on = threading.Event(), threading.Event()

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        changes = super().changes(after, limit)
        if self.halt:
            self.halt = False
            self.reading.set()
            assert self.go_on.wait(10)
        return changes


def test_a_slow_process_does_not_add_again_what_was_removed(milvus_index: MilvusIndex) -> None:
    log, lock = Halting(), threading.Lock()
    slow, fast = (replica_of(milvus_index, log, lock) for _ in range(2))
    slow.catch_up()
    [entry] = entries_of(unit_vectors(1))
    log.add(entry)
    log.halt = True
    lagging = threading.Thread(target=slow.catch_up)
    lagging.start()
    assert log.reading.wait(10)
    log.remove(entry.id)
    threading.Timer(0.1, log.go_on.set).start()
    assert ids(fast) == set()
    lagging.join()
    assert ids(slow) == set()
    assert len(milvus_index) == 0


def test_a_pruned_log_or_a_restored_database_means_a_rebuild(milvus_index: MilvusIndex) -> None:
    log, lock = MemoryLog(), threading.Lock()
    entries = entries_of(unit_vectors(5))
    for entry in entries:
        log.add(entry)
    replica = replica_of(milvus_index, log, lock)
    replica.catch_up()
    log.remove(1)
    log.remove(2)
    log.prune()
    assert ids(replica) == {3, 4, 5}
    restored = MemoryLog()
    restored.add(entries[0])
    assert ids(replica_of(milvus_index, restored, lock)) == {1}
    assert milvus_index.position() == restored.position()


def test_rebuilding_makes_the_index_equal_to_the_source(milvus_index: MilvusIndex) -> None:
    log, lock = MemoryLog(), threading.Lock()
    entries = entries_of(unit_vectors(3))
    log.add(entries[0])
    replica = replica_of(milvus_index, log, lock)
    replica.catch_up()
    milvus_index.add(entries_of(unit_vectors(2, seed=3), first_id=70))
    assert ids(replica) == {1, 70, 71}
    assert replica.rebuild() == 1
    assert ids(replica) == {1}


def test_a_generation_that_nobody_committed_is_an_error(milvus_index: MilvusIndex) -> None:
    with pytest.raises(IndexUnavailable):
        ids(replica_of(milvus_index, MemoryLog(), threading.Lock()), at_least=1)


def test_a_collection_of_another_dimension_is_refused(milvus: Any, milvus_index: Any) -> None:
    with pytest.raises(EncoderMismatch):
        MilvusIndex(milvus, milvus_index._collection, DIMENSION + 1)
    with pytest.raises(VectorError):
        MilvusIndex(milvus, "gallery_of_nothing", 0)


def test_a_file_is_opened_once_a_process(milvus: Any, tmp_path: Path) -> None:
    backend = parse_backend(str(tmp_path / "gallery.db"))
    client = connect(backend)
    assert connect(backend) is client
    assert len(MilvusIndex(client, "g", DIMENSION)) == 0
    client.close()
