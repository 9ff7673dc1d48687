from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from recognition.evaluation import metrics

GENUINE = np.array([0.9, 0.8, 0.7, 0.4])
IMPOSTOR = np.array([0.6, 0.5, 0.3, 0.2, 0.1])


def test_the_trade_off_counts_what_each_threshold_does():
    curve = metrics.det(GENUINE, IMPOSTOR)
    at = int(np.flatnonzero(curve.thresholds == 0.5)[0])
    assert curve.far[at] == pytest.approx(2 / 5)
    assert curve.frr[at] == pytest.approx(1 / 4)
    assert curve.far[-1] == 0.0 and curve.frr[-1] == 1.0


def test_equal_error_rate_of_two_normals_is_the_textbook_one():
    generator = np.random.default_rng(0)
    genuine, impostor = generator.normal(2, 1, 40_000), generator.normal(0, 1, 40_000)
    assert metrics.equal_error_rate(genuine, impostor) == pytest.approx(
        stats.norm.sf(1.0), abs=0.005
    )
    assert metrics.auroc(genuine, impostor) == pytest.approx(
        stats.norm.cdf(2 / np.sqrt(2)), abs=0.005
    )


def test_scores_that_never_overlap_are_told_apart_without_error():
    assert metrics.equal_error_rate([2, 3], [0, 1]) == 0.0
    assert metrics.tar_at_far([2, 3], [0, 1], 0.01) == 1.0
    assert metrics.auroc([2, 3], [0, 1]) == 1.0


def test_true_accepts_are_counted_at_the_lowest_threshold_that_keeps_the_rate():
    assert metrics.tar_at_far(GENUINE, IMPOSTOR, 0.0) == pytest.approx(3 / 4)
    assert metrics.tar_at_far(GENUINE, IMPOSTOR, 0.2) == pytest.approx(3 / 4)
    assert metrics.tar_at_far(GENUINE, IMPOSTOR, 0.4) == 1.0


def test_a_wrong_best_candidate_is_a_miss_however_high_it_scores():
    right = np.array([True, True, False, True])
    assert metrics.fnir_at_fpir(GENUINE, right, IMPOSTOR, 0.0) == pytest.approx(2 / 4)


def test_ties_count_half_in_the_area_and_against_in_the_rank():
    assert metrics.auroc([1, 1], [1, 1]) == 0.5
    assert metrics.top_k_right([[1.0, 1.0, 0.0]], [0], 1).tolist() == [False]
    assert metrics.top_k_right([[1.0, 1.0, 0.0]], [0], 2).tolist() == [True]


def test_calibration_error_is_nil_where_confidence_is_frequency():
    generator = np.random.default_rng(1)
    confidence = generator.uniform(size=50_000)
    right = generator.uniform(size=50_000) < confidence
    often = metrics.reliability(confidence, right)
    assert metrics.expected_calibration_error(often) < 0.01
    always = metrics.reliability(np.ones(100), np.arange(100) < 60)
    assert metrics.expected_calibration_error(always) == pytest.approx(0.4)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    generator = np.random.default_rng(2)
    held = 0
    for _ in range(400):
        interval = metrics.share_interval(int(generator.binomial(60, 0.1)), 60)
        held += interval.low <= 0.1 <= interval.high
    assert held / 400 == pytest.approx(0.95, abs=0.03)
    mean = metrics.mean_interval([1.0, 2.0, 3.0])
    assert mean.mean == 2.0 and mean.high - 2.0 == pytest.approx(1.96 / np.sqrt(3), abs=1e-3)
