"""Building a new index never stops searches, and loses nothing that happened meanwhile."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

import numpy as np
import pytest

from recognition.benchmarks.index.vectors import clustered_vectors
from recognition.index.adaptive import adaptive
from recognition.index.adaptive.adaptive import AdaptiveIndex
from recognition.index.adaptive.renewal import Built, Limits, LiveIndex, plan_renewal
from recognition.index.exact.faiss_exact import ExactIndex
from recognition.index.hnsw.faiss_graph import GraphIndex
from recognition.index.hnsw.graph_build import TARGET_RECALL, build_graph
from recognition.index.kinds import IndexKind
from recognition.index.replica.replica import Replica
from tests.index.builders import DIMENSION, MemoryLog, entries_of, unit_vectors

SMALL = Limits(tail=64, dead_share=0.2, dead=32)


def test_a_graph_finds_99_percent_of_the_exact_ten_nearest_and_says_so() -> None:
    index = AdaptiveIndex(128, kind=IndexKind.HNSW)
    vectors = clustered_vectors(6000, 128)
    index.add(entries_of(vectors))
    index.settle()
    assert index.kind is IndexKind.HNSW
    assert index.report is not None
    assert index.report.recall >= TARGET_RECALL
    assert (index.report.count, index.report.kind) == (6000, IndexKind.HNSW)
    queries = clustered_vectors(6000, 128, draw=2)[:200]
    exact = np.argsort(-(queries @ vectors.T), axis=1)[:, :10] + 1
    found = [{hit.id for hit in hits} for hits in index.search(queries, 10)]
    shared = [len(ids & set(row.tolist())) for ids, row in zip(found, exact, strict=True)]
    assert np.mean(shared) / 10 >= 0.98


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_a_renewal_leaves_the_cores_to_whoever_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def plan(live: LiveIndex, wanted: IndexKind, limits: Limits) -> Callable[[], Built]:
        work = plan_renewal(live, wanted, limits)

        def watched() -> Built:
            seen.append(priority())
            return work()

        return watched

    seen: list[int] = []
    before = priority()
    monkeypatch.setattr(adaptive, "plan_renewal", plan)
    index = AdaptiveIndex(DIMENSION, kind=IndexKind.HNSW)
    index.add(entries_of(unit_vectors(100)))
    index.settle()
    assert index.kind is IndexKind.HNSW
    assert set(seen) == {max(before, 5)}
    assert priority() == before


@pytest.fixture
def halted(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Every build waits, finished, for this event before it is put in place."""
    go_on = threading.Event()

    def plan(*args: object) -> object:
        work = plan_renewal(*args)  # type: ignore[arg-type]

        def slow() -> Built:
            built = work()
            assert go_on.wait(30)
            return built

        return slow

    monkeypatch.setattr(adaptive, "plan_renewal", plan)
    return go_on


def test_what_happens_during_a_build_is_in_the_new_index(halted: threading.Event) -> None:
    index = AdaptiveIndex(DIMENSION, kind=IndexKind.HNSW)
    vectors = unit_vectors(400)
    entries = entries_of(vectors)
    index.add(entries[:300])
    for entry in entries[300:]:
        index.add([entry])
        [[hit]] = index.search(entry.vector[None], 1)
        assert hit.id == entry.id
    assert index.remove(np.arange(1, 51)) == 50
    index.add(entries_of(vectors[:1], first_id=7))
    assert index.kind is IndexKind.EXACT
    halted.set()
    index.settle()
    assert index.kind is IndexKind.HNSW
    assert {entry.id for entry in index.entries()} == {7, *range(51, 401)}
    [[hit]] = index.search(vectors[:1], 1)
    assert hit.id == 7


def test_a_failed_build_leaves_the_old_index_in_place(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> object:
        raise MemoryError

    monkeypatch.setattr(adaptive, "plan_renewal", lambda *_: refuse)
    index = AdaptiveIndex(DIMENSION, kind=IndexKind.HNSW)
    index.add(entries_of(unit_vectors(10)))
    index.settle()
    assert index.kind is IndexKind.EXACT
    assert len(index.search(unit_vectors(1), 20)[0]) == 10
    assert "could not be renewed" in caplog.text


def test_a_long_tail_joins_the_graph() -> None:
    index = AdaptiveIndex(DIMENSION, kind=IndexKind.HNSW, limits=SMALL)
    vectors = unit_vectors(300)
    index.add(entries_of(vectors[:200]))
    index.settle()
    index.remove(np.array([3]))
    index.add(entries_of(vectors[200:], first_id=201))
    index.settle()
    assert isinstance(index.live, GraphIndex)
    assert len(index.live.tail) == 0
    assert index.live.dead == 1
    assert {entry.id for entry in index.entries()} == {*range(1, 301)} - {3}


def test_many_removals_are_compacted() -> None:
    index = AdaptiveIndex(DIMENSION, kind=IndexKind.HNSW, limits=SMALL)
    index.add(entries_of(unit_vectors(300)))
    index.settle()
    index.remove(np.arange(1, 201))
    index.settle()
    assert isinstance(index.live, GraphIndex)
    assert index.live.dead == 0
    assert sorted(hit.id for hit in index.search(unit_vectors(1), 300)[0]) == [*range(201, 301)]


def test_a_graph_of_which_little_is_alive_still_finds_it() -> None:
    index = AdaptiveIndex(DIMENSION, kind=IndexKind.HNSW, limits=Limits(dead_share=1e9))
    vectors = unit_vectors(2000)
    index.add(entries_of(vectors))
    index.settle()
    index.remove(np.arange(1, 1981))
    assert isinstance(index.live, GraphIndex)
    assert index.live.dead == 1980
    found = [hit.id for hit in index.search(vectors[:1], 20)[0]]
    assert sorted(found) == [*range(1981, 2001)]


def test_a_gallery_that_shrank_is_exact_again() -> None:
    exact = ExactIndex(DIMENSION)
    exact.add(entries_of(unit_vectors(50)))
    graph, _ = build_graph(IndexKind.HNSW, DIMENSION, [exact.block()], 50)
    index = AdaptiveIndex(DIMENSION, live=GraphIndex(graph))
    index.remove(np.array([1]))
    index.settle()
    assert index.kind is IndexKind.EXACT
    assert len(index) == 49


def test_writers_and_searchers_go_on_while_indexes_come_and_go() -> None:
    log = MemoryLog()
    index = AdaptiveIndex(DIMENSION, kind=IndexKind.HNSW, limits=SMALL)
    replica = Replica(lambda: index, log)
    entries = entries_of(unit_vectors(1600))
    failures: list[str] = []

    def write(part: int) -> None:
        for entry in entries[part::4]:
            log.add(entry)
            if entry.id not in {hit.id for hit in replica.search(entry.vector[None], 3)[0]}:
                failures.append(f"{entry.id} is missing")
            if entry.id % 3 == 0:
                log.remove(entry.id)
                if entry.id in {hit.id for hit in replica.search(entry.vector[None], 3)[0]}:
                    failures.append(f"{entry.id} was returned after its removal")

    threads = [threading.Thread(target=write, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    index.settle()
    assert not failures
    assert index.report is not None
    assert {entry.id for entry in index.entries()} == {e.id for e in entries if e.id % 3}
