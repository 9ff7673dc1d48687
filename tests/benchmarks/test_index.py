"""The benchmark measures real searches of every engine on the same vectors."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.benchmarks.index.engines import Ours, PlainFaiss
from recognition.benchmarks.index.measure import Truth
from recognition.benchmarks.index.report import HEADINGS, benchmark, cells
from recognition.benchmarks.index.vectors import clustered_vectors
from recognition.index.kinds import IndexKind


def test_every_engine_is_measured_at_the_recall_that_is_asked_for() -> None:
    measured = {result.engine: result for result in benchmark(1500, dimension=32, queries=60)}
    assert {"oneshot exact", "oneshot hnsw_fp16", "plain FAISS flat", "plain FAISS HNSW"} <= set(
        measured
    )
    for result in measured.values():
        assert result.recall >= 0.98
        assert 0 < result.median_ms <= result.p99_ms
        assert result.cold_ms > 0
        assert min(result.rate, result.rate_2_threads, result.build_s) > 0
    assert measured["oneshot exact"].recall == measured["plain FAISS flat"].recall == 1
    assert measured["oneshot hnsw_fp16"].start_s is not None
    assert {len(cells(result)) for result in measured.values()} == {len(HEADINGS)}


def test_engines_are_chosen_by_a_word_of_their_names() -> None:
    measured = benchmark(300, dimension=16, queries=20, only=["exact", "flat"])
    assert [each.engine for each in measured] == ["oneshot exact", "plain FAISS flat"]
    with pytest.raises(ValueError, match="plain FAISS flat"):
        benchmark(300, only=["nosuch"])


def test_an_engine_that_finds_the_wrong_neighbours_has_low_recall() -> None:
    vectors = clustered_vectors(500, 16)
    engine = PlainFaiss(graph=False)
    engine.build(vectors[::-1].copy())
    assert Truth.of(vectors, vectors[:50]).recall(engine) < 0.5


def test_an_index_that_tunes_itself_takes_no_width() -> None:
    with pytest.raises(ValueError, match="its own"):
        Ours(IndexKind.EXACT).set_width(8)


def test_draws_share_their_centres_and_are_unit_vectors() -> None:
    first, second = (clustered_vectors(200, 64, centres=2, draw=draw) for draw in (1, 2))
    assert not np.array_equal(first, second)
    np.testing.assert_allclose(np.linalg.norm(first, axis=1), 1, atol=1e-5)
    nearest = (second @ first.T).max(axis=1)
    strangers = (clustered_vectors(200, 64, centres=2, seed=1) @ first.T).max(axis=1)
    assert np.median(nearest) > np.median(strangers) + 0.1
    np.testing.assert_array_equal(first, clustered_vectors(200, 64, centres=2))
