"""A scan of all sketches leaves few vectors to compare, and the nearest are among them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from recognition.benchmarks.index.engines import as_block
from recognition.benchmarks.index.vectors import clustered_vectors
from recognition.core.types import Matrix
from recognition.index.adaptive.frozen import freeze, load, save
from recognition.index.exact.faiss_selectors import selector
from recognition.index.hnsw import faiss_graph
from recognition.index.hnsw.faiss_graph import Graph, GraphIndex
from recognition.index.hnsw.graph_build import build_graph, shares_found
from recognition.index.hnsw.sketches import Sketches, nearest_sketched
from recognition.index.hnsw.widths import ALWAYS, Widths
from recognition.index.kinds import IndexKind
from recognition.index.protocol import Scope

COUNT, DIMENSION = 3000, 64
ALL_IN_DOUBT = Widths(10, 0, ALWAYS, compared=200)


@pytest.fixture(scope="module")
def vectors() -> Matrix:
    return clustered_vectors(COUNT, DIMENSION)


@pytest.fixture(scope="module")
def queries() -> Matrix:
    return clustered_vectors(60, DIMENSION, centres=COUNT // 20, draw=2)


@pytest.fixture(scope="module", params=[IndexKind.HNSW, IndexKind.HNSW_FP16])
def graph(request: pytest.FixtureRequest, vectors: Matrix) -> Graph:
    graph, _ = build_graph(request.param, DIMENSION, [as_block(vectors, 0)], COUNT)
    return replace(graph, widths=ALL_IN_DOUBT)


def ids_of(index: GraphIndex, query: Matrix, limit: int) -> list[int]:
    [hits] = index.search(query, limit)
    return [hit.id for hit in hits]


def ids(index: GraphIndex, queries: Matrix, scope: Scope | None = None) -> list[list[int]]:
    return [[hit.id for hit in hits] for hits in index.search(queries, 10, scope)]


@pytest.mark.parametrize("dimension", [60, 128])
def test_the_nearest_are_among_the_few_that_are_compared(dimension: int) -> None:
    index = faiss.IndexFlatIP(dimension)
    index.add(clustered_vectors(COUNT, dimension))
    queries = clustered_vectors(100, dimension, centres=COUNT // 20, draw=2)
    exact, _ = index.search(queries, 10)
    found, slots = nearest_sketched(index, Sketches.of(index), queries, 10, COUNT // 10)
    assert shares_found(exact[:, -1], found).mean() > 0.98
    assert (np.diff(found, axis=1) <= 0).all()
    at = [index.reconstruct(int(slot)) for slot in slots[:, 0]]
    np.testing.assert_allclose(found[:, 0], np.sum(queries * at, axis=1), rtol=1e-5)


def test_only_the_chosen_are_scanned_and_what_is_missing_is_no_slot(vectors: Matrix) -> None:
    index = faiss.IndexFlatIP(DIMENSION)
    index.add(vectors)
    allowed = np.zeros(COUNT, np.bool_)
    allowed[[5, 70, 2999]] = True
    found, slots = nearest_sketched(
        index, Sketches.of(index), vectors[:2], 5, 50, selector(allowed)
    )
    for row in range(2):
        assert set(slots[row, :3]) == {5, 70, 2999}
        assert list(slots[row, 3:]) == [-1, -1]
        assert list(found[row, 3:]) == [-np.inf, -np.inf]


def test_a_scan_leaves_the_threads_that_faiss_may_use_as_they_were(vectors: Matrix) -> None:
    index = faiss.IndexFlatIP(DIMENSION)
    index.add(vectors)
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(3)
    try:
        Sketches.of(index).nearest(vectors[:1], 5)
        assert faiss.omp_get_max_threads() == 3
    finally:
        faiss.omp_set_num_threads(before)


def test_queries_in_doubt_get_what_an_exact_search_finds(
    graph: Graph, vectors: Matrix, queries: Matrix
) -> None:
    found = ids(GraphIndex(graph), queries)
    exact = np.argsort(-(queries @ vectors.T), axis=1)[:, :10]
    same = [len(set(row) & set(exact[at])) for at, row in enumerate(found)]
    assert np.mean(same) > 9.8


def test_the_removed_and_those_out_of_scope_are_not_found_by_sketch(
    graph: Graph, queries: Matrix
) -> None:
    index = GraphIndex(graph)
    first = [row[0] for row in ids(index, queries)]
    index.remove(np.array(first))
    assert not {found for row in ids(index, queries) for found in row} & set(first)
    scope = Scope(without=frozenset(range(10)))
    assert all(found // 20 >= 10 for row in ids(index, queries, scope) for found in row)


def test_a_deep_search_finds_as_many_as_it_asks_for_and_compares_few_more(
    graph: Graph, queries: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    def watched(*args: Any) -> NDArray[np.int64]:
        compared.append(args[2])
        return nearest(*args)

    compared: list[int] = []
    nearest = Sketches.nearest
    monkeypatch.setattr(Sketches, "nearest", watched)
    monkeypatch.setattr(faiss_graph, "WIDEST", 1000)
    index = GraphIndex(graph)
    assert len(set(ids_of(index, queries[:1], 30))) == 30
    assert len(set(ids_of(index, queries[:1], 1200))) == 1200
    assert compared == [600, 2400]


def test_what_is_added_to_a_graph_is_found_by_sketch(graph: Graph, queries: Matrix) -> None:
    more = as_block(queries, COUNT)
    extended, _ = build_graph(graph.kind, DIMENSION, [more], len(queries), graph)
    assert len(graph.sketches) == COUNT
    assert len(extended.sketches) == COUNT + len(queries)
    index = GraphIndex(replace(extended, widths=ALL_IN_DOUBT))
    assert [row[0] for row in ids(index, queries)] == more.ids.tolist()


def test_a_snapshot_holds_the_sketches_of_what_it_holds_and_no_others(
    graph: Graph, queries: Matrix, tmp_path: Path
) -> None:
    index = GraphIndex(graph)
    index.remove(np.array([row[0] for row in ids(index, queries)]))
    save(freeze(index), tmp_path)
    loaded = load(tmp_path, DIMENSION, graph.kind, graph.widths).graph
    assert loaded is not None
    slots = np.arange(COUNT)
    of_what_it_holds = loaded.sketches.replaced(slots, loaded.vectors(slots))
    np.testing.assert_array_equal(loaded.sketches.codes, of_what_it_holds.codes)
    assert (loaded.sketches.codes != graph.sketches.codes).any()
    kept = GraphIndex(loaded, index.alive)
    assert ids(kept, queries) == ids(index, queries)
