"""The widths found suffice on the sample, and cost less than one width for all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recognition.benchmarks.index.engines import as_block
from recognition.benchmarks.index.vectors import clustered_vectors
from recognition.benchmarks.index.widths import narrowest_width
from recognition.index.hnsw.faiss_graph import GraphIndex
from recognition.index.hnsw.graph_build import build_graph
from recognition.index.hnsw.widths import NARROWEST, WIDEST, Answer, Scan, Widths, cheapest_widths
from recognition.index.kinds import IndexKind


@pytest.mark.parametrize("needed", [1, 10, 16, 17, 31, 64, 100, 333, 1000, 1024])
def test_the_narrowest_width_that_suffices_is_found(needed: int) -> None:
    width, recall = narrowest_width(lambda tried: min(1.0, tried / needed), 1.0)
    assert recall == 1.0
    assert max(needed, NARROWEST) <= width <= max(NARROWEST, needed * 1.04)


def test_a_graph_that_cannot_reach_the_target_is_searched_as_widely_as_may_be() -> None:
    assert narrowest_width(lambda width: width / 9000, 1.0) == (WIDEST, WIDEST / 9000)


class Queries:
    """A hundred of which the ten with the lowest similarities need a wide search."""

    def __init__(self, *, hard_look_hard: bool, hard_need: int = 300) -> None:
        self.asked: list[int] = []
        hard = np.arange(100) < 10
        self._need = np.where(hard, hard_need, 10)
        self._best = np.linspace(0.2, 0.9, 100, dtype=np.float32)
        if not hard_look_hard:
            self._best = self._best[::-1].copy()

    def __call__(self, width: int) -> Answer:
        self.asked.append(width)
        return self._best, np.minimum(1.0, width / self._need)


def test_only_those_that_look_hard_are_searched_widely() -> None:
    widths, recall = cheapest_widths(Queries(hard_look_hard=True), 0.99)
    assert recall >= 0.99
    assert widths.narrow == NARROWEST < widths.wide
    assert 0.2 < widths.doubt < 0.3


def test_where_hardness_does_not_show_one_width_serves_all() -> None:
    widths, recall = cheapest_widths(Queries(hard_look_hard=False), 0.99)
    assert recall >= 0.99
    assert widths == Widths(320, 320)
    assert str(widths) == "320"


def test_easy_queries_are_searched_narrowly_and_nothing_wider_is_tried() -> None:
    queries = Queries(hard_look_hard=True, hard_need=10)
    assert cheapest_widths(queries, 0.99) == (Widths(NARROWEST, NARROWEST), 1.0)
    assert queries.asked == [NARROWEST, 2 * NARROWEST]


def test_a_target_out_of_reach_is_lowered_to_what_the_widest_finds() -> None:
    widths, recall = cheapest_widths(Queries(hard_look_hard=True, hard_need=10 * WIDEST), 0.99)
    assert recall == pytest.approx(0.91)
    assert widths.wide == WIDEST
    assert widths.narrow == NARROWEST


def scanned(compared: int) -> Answer:
    """Of each query that needs as many compared, its neighbours."""
    return np.linspace(0.2, 0.9, 100, dtype=np.float32), np.full(100, min(1.0, compared / 40))


def test_sketches_answer_those_in_doubt_where_a_walk_would_be_longer() -> None:
    queries = Queries(hard_look_hard=True, hard_need=3000)
    widths, recall = cheapest_widths(queries, 0.99, Scan(scanned, 1_000_000))
    assert recall >= 0.99
    assert widths.narrow == NARROWEST
    assert 40 <= widths.compared <= 48
    assert 0.2 < widths.doubt < 0.3
    assert str(widths) == f"10, and {widths.compared} by sketch below {widths.doubt:.2f}"
    assert max(queries.asked) < 1024


def test_sketches_are_not_scanned_where_a_walk_is_shorter() -> None:
    walked, _ = cheapest_widths(Queries(hard_look_hard=True, hard_need=40), 0.99)
    queries = Queries(hard_look_hard=True, hard_need=40)
    assert cheapest_widths(queries, 0.99, Scan(scanned, 1_000_000))[0] == walked


def test_a_query_in_doubt_gets_the_hits_of_the_wide_search_and_no_other_does() -> None:
    vectors = clustered_vectors(3000, 64)
    graph, _ = build_graph(IndexKind.HNSW, 64, [as_block(vectors, 0)], len(vectors))

    def search(widths: Widths) -> list[list[int]]:
        hits = GraphIndex(replace(graph, widths=widths)).search(queries, 10)
        return [[hit.id for hit in row] for row in hits]

    queries = clustered_vectors(100, 64, centres=150, draw=2)
    best = (queries @ vectors.T).max(axis=1)
    doubt = float(np.median(best))
    narrow, wide = search(Widths(10, 10)), search(Widths(2000, 2000))
    assert narrow != wide
    mixed = search(Widths(10, 2000, doubt))
    assert all(row == wide[i] for i, row in enumerate(mixed) if best[i] < doubt)
    surely = [i for i, row in enumerate(narrow) if vectors[row[0]] @ queries[i] >= doubt]
    assert surely
    assert all(mixed[i] == narrow[i] for i in surely)
