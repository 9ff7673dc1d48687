"""A replica never misses an acknowledged change and never applies one twice or early."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import numpy as np
import pytest

from recognition.core.errors import IndexUnavailable
from recognition.index.exact.faiss_exact import ExactIndex
from recognition.index.protocol import Change, Entry
from recognition.index.replica.following import BATCH
from recognition.index.replica.replica import Replica
from tests.index.builders import DIMENSION, MemoryLog, entries_of, unit_vectors


def replica_of(log: MemoryLog, patience: float = 0.2) -> Replica:
    return Replica(lambda: ExactIndex(DIMENSION), log, patience=patience)


def found(replica: Replica, entry: Entry, **options: int) -> list[int]:
    [hits] = replica.search(entry.vector[None], 1, **options)
    return [hit.id for hit in hits if hit.similarity > 0.999]


def test_an_empty_gallery_has_no_neighbours() -> None:
    replica = replica_of(MemoryLog())
    assert replica.search(unit_vectors(2), 5) == [[], []]
    assert replica.generation == 0


def test_a_search_sees_what_was_enrolled_before_it() -> None:
    log = MemoryLog()
    replica = replica_of(log)
    for entry in entries_of(unit_vectors(20)):
        generation = log.add(entry)
        assert found(replica, entry) == [entry.id]
        assert replica.generation == generation


def test_a_removed_reference_is_never_returned() -> None:
    log = MemoryLog()
    replica = replica_of(log)
    entries = entries_of(unit_vectors(20))
    for entry in entries:
        log.add(entry)
    for entry in entries:
        assert found(replica, entry) == [entry.id]
        log.remove(entry.id)
        assert found(replica, entry) == []
    assert len(replica) == 0


def test_an_embedding_enrolled_again_has_its_new_vector() -> None:
    log = MemoryLog()
    replica = replica_of(log)
    old, new = unit_vectors(2)
    log.add(entries_of(old[None])[0])
    replica.catch_up()
    log.add(entries_of(new[None])[0])
    [[hit]] = replica.search(new[None], 5)
    assert hit.similarity == pytest.approx(1.0)


def test_more_changes_than_a_batch_are_all_applied() -> None:
    log = MemoryLog()
    replica = replica_of(log)
    replica.catch_up()
    entries = entries_of(unit_vectors(2 * BATCH + 7))
    for entry in entries:
        log.add(entry)
    assert found(replica, entries[-1]) == [entries[-1].id]
    assert len(replica) == len(entries)


def test_a_current_replica_does_not_read_the_log() -> None:
    log = MemoryLog()
    replica = replica_of(log)
    log.add(entries_of(unit_vectors(1))[0])
    replica.catch_up()
    reads = log.reads
    replica.search(unit_vectors(1), 1)
    assert log.reads == reads


def test_a_pruned_log_means_a_rebuild() -> None:
    log = MemoryLog()
    replica = replica_of(log)
    first, second = entries_of(unit_vectors(2))
    log.add(first)
    replica.catch_up()
    log.add(second)
    log.remove(first.id)
    log.prune()
    assert found(replica, second) == [second.id]
    assert found(replica, first) == []


def test_a_database_restored_to_an_earlier_state_means_a_rebuild() -> None:
    log, restored = MemoryLog(), MemoryLog()
    first, second = entries_of(unit_vectors(2))
    log.add(first)
    log.add(second)
    restored.add(first)
    replica = replica_of(log)
    replica.catch_up()
    replica._source = restored
    assert found(replica, second) == []
    assert found(replica, first) == [first.id]
    assert replica.generation == 1


class Reordered(MemoryLog):
    """A log whose generation 2 becomes visible only after generation 3."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = {2}

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        visible = super().changes(after, limit)
        return [change for change in visible if change.generation not in self.hidden]


def test_a_generation_waits_for_the_one_before_it() -> None:
    log = Reordered()
    replica = replica_of(log, patience=5)
    entries = entries_of(unit_vectors(3))
    log.add(entries[0])
    replica.catch_up()
    log.add(entries[1])
    log.add(entries[2])
    searching = threading.Thread(target=replica.catch_up)
    searching.start()
    time.sleep(0.1)
    assert replica.generation == 1
    log.hidden.clear()
    searching.join()
    assert replica.generation == 3
    assert found(replica, entries[1]) == [2]


def test_a_generation_that_nobody_committed_is_an_error_and_not_a_stale_answer() -> None:
    log = MemoryLog()
    replica = replica_of(log, patience=0.05)
    with pytest.raises(IndexUnavailable):
        replica.search(unit_vectors(1), 1, at_least=1)


def test_at_least_waits_for_a_commit_that_is_not_visible_yet() -> None:
    log = MemoryLog()
    replica = replica_of(log, patience=5)
    [entry] = entries_of(unit_vectors(1))
    timer = threading.Timer(0.1, log.add, (entry,))
    timer.start()
    assert found(replica, entry, at_least=1) == [1]


class Slow(MemoryLog):
    """A log whose reading takes until the test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.reading, self.go_on = threading.Event(), threading.Event()

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        self.reading.set()
        assert self.go_on.wait(10)
        return super().changes(after, limit)


def test_reading_the_database_does_not_keep_a_running_search_waiting() -> None:
    log = Slow()
    replica = replica_of(log)
    replica.catch_up()
    log.add(entries_of(unit_vectors(1))[0])
    catching_up = threading.Thread(target=replica.catch_up)
    catching_up.start()
    assert log.reading.wait(10)
    with replica._lock.read():
        assert replica._started().search(unit_vectors(1), 1) == [[]]
    log.go_on.set()
    catching_up.join()
    assert replica.generation == 1


def test_many_threads_search_while_others_enrol_and_remove() -> None:
    log = MemoryLog()
    replica = replica_of(log)
    vectors = unit_vectors(600)
    entries = entries_of(vectors)
    failures: list[str] = []

    def write(mine: list[Entry]) -> None:
        for entry in mine:
            log.add(entry)
            if found(replica, entry) != [entry.id]:
                failures.append(f"{entry.id} is missing")
            if entry.id % 3 == 0:
                log.remove(entry.id)
                if found(replica, entry):
                    failures.append(f"{entry.id} was returned after its removal")

    threads = [threading.Thread(target=write, args=(entries[part::4],)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    live = {entry.id for entry in entries if entry.id % 3}
    assert {entry.id for entry in replica._started().entries()} == live


def test_it_catches_up_with_a_thousand_changes() -> None:
    log = MemoryLog()
    replica = Replica(lambda: ExactIndex(512), log)
    vectors = unit_vectors(6000, dimension=512)
    entries = entries_of(vectors)
    for entry in entries[:5000]:
        log.add(entry)
    replica.catch_up()
    for entry in entries[5000:5700]:
        log.add(entry)
    for entry in entries[:300]:
        log.remove(entry.id)
    replica.catch_up()
    assert len(replica) == 5400
    assert np.isin(np.arange(1, 301), [e.id for e in replica._started().entries()]).sum() == 0


def test_the_nearest_categories_are_as_current_as_the_nearest_references() -> None:
    log = MemoryLog()
    replica = replica_of(log)
    vectors = unit_vectors(9)
    for entry in entries_of(vectors, categories=[row % 3 for row in range(9)]):
        log.add(entry)
    [hits] = replica.search_categories(vectors[4:5], 2)
    assert (hits[0].id, hits[0].category) == (5, 1)
    assert len({hit.category for hit in hits}) == 2
    log.remove(5)
    [hits] = replica.search_categories(vectors[4:5], 2)
    assert 5 not in {hit.id for hit in hits}


def test_a_rebuild_is_as_of_the_committed_generation() -> None:
    log = MemoryLog()
    replica = replica_of(log)
    for entry in entries_of(unit_vectors(4)):
        log.add(entry)
    log.remove(2)
    assert replica.rebuild() == 5
    assert len(replica) == 3


def test_a_restored_database_is_found_out_also_once_it_has_overtaken_the_replica() -> None:
    log, restored = MemoryLog(), MemoryLog()
    first, second, third, fourth = entries_of(unit_vectors(4))
    for entry in (first, second):
        log.add(entry)
    for entry in (first, third, fourth):
        restored.add(entry)
    replica = replica_of(log)
    replica.catch_up()
    replica._source = restored
    assert found(replica, third) == [third.id]
    assert found(replica, second) == []


def test_a_restored_database_at_the_replicas_very_generation_is_found_out() -> None:
    log, restored = MemoryLog(), MemoryLog()
    first, second = entries_of(unit_vectors(2))
    log.add(first)
    restored.add(second)
    replica = replica_of(log)
    replica.catch_up()
    replica._source = restored
    assert found(replica, second) == [second.id]
    assert found(replica, first) == []
