"""Moving a graph's slots changes neither what it holds nor what it finds."""

from __future__ import annotations

import faiss
import numpy as np

from recognition.benchmarks.index.vectors import clustered_vectors
from recognition.index.hnsw.layout import gather, use_huge_pages


def test_a_gathered_graph_finds_the_same_in_other_places() -> None:
    vectors, queries = clustered_vectors(3000, 64), clustered_vectors(3000, 64, draw=2)[:50]
    graph = faiss.IndexHNSWFlat(64, 16, faiss.METRIC_INNER_PRODUCT)
    graph.add(vectors)
    similarities, slots = graph.search(queries, 5)
    order = gather(graph)
    assert sorted(order) == list(range(3000))
    np.testing.assert_array_equal(graph.reconstruct_n(0, 3000), vectors[order])
    moved_similarities, moved = graph.search(queries, 5)
    np.testing.assert_array_equal(moved_similarities, similarities)
    np.testing.assert_array_equal(order[moved], slots)


def test_neighbours_lie_nearer_to_each_other_than_they_came() -> None:
    graph = faiss.IndexHNSWFlat(64, 16, faiss.METRIC_INNER_PRODUCT)
    graph.add(clustered_vectors(3000, 64))

    def reach() -> float:
        links = faiss.vector_to_array(graph.hnsw.neighbors)
        starts = faiss.vector_to_array(graph.hnsw.offsets)[:3000].astype(np.int64)
        rows = links[starts[:, None] + np.arange(32)]
        return float(np.median(np.abs(rows - np.arange(3000)[:, None])[rows >= 0]))

    before = reach()
    gather(graph)
    assert reach() < 0.7 * before


def test_huge_pages_leave_the_content_alone() -> None:
    vectors = clustered_vectors(20_000, 64)
    graph = faiss.IndexHNSWFlat(64, 4, faiss.METRIC_INNER_PRODUCT)
    graph.add(vectors)
    use_huge_pages(graph)
    np.testing.assert_array_equal(graph.reconstruct_n(0, 20_000), vectors)
