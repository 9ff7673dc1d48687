"""What past queries would have been answered at another rate."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.matching.advice.flatten import flatten
from recognition.matching.advice.reconsider import PastAnswers, reconsider, threshold_at
from recognition.matching.decisions import TIE, decide
from recognition.matching.fit import fit
from recognition.matching.neighbours import nearest_pairs
from tests.matching.galleries import background, clusters, references

CATEGORIES = 8
RATES = (0.0005, 0.01, 0.05, 0.3)


@pytest.fixture(scope="module")
def asked():
    """A gallery with queries of what it knows, of what it does not, and between the two."""
    photos, things = clusters(2 * CATEGORIES, 4, seed=4, spread=1.1)
    enrolled = np.arange(len(photos)) % 4 == 0
    support = references(photos[enrolled & (things < CATEGORIES)], np.arange(CATEGORIES))
    return fit(support, background()), support, photos[~enrolled]


def answers(asked, far: float) -> list:
    model, support, queries = asked
    return [decide(model, query[None], support, far=far) for query in queries]


def past(decisions) -> PastAnswers:
    scores = np.array([[c.score for c in decision.candidates[:2]] for decision in decisions])
    return PastAnswers(
        scores[:, 0],
        scores[:, 1],
        np.array([decision.threshold.score for decision in decisions]),
        np.array([decision.threshold.target_far for decision in decisions]),
        np.array([decision.outcome.value for decision in decisions]),
    )


@pytest.mark.parametrize("far", RATES)
def test_it_says_what_the_gallery_would_have_decided(asked, far):
    margin = float(np.log(TIE) / asked[0].calibration.slope)
    then, would_be = answers(asked, 0.01), answers(asked, far)
    found = reconsider(past(then), far, margin, asked[0])
    assert found.tolist() == [decision.outcome.value for decision in would_be]
    assert threshold_at(past(then), far)[0] == pytest.approx(would_be[0].threshold.score)


def test_the_rates_tell_the_queries_apart(asked):
    counts = [
        sum(decision.outcome.value == "unknown" for decision in answers(asked, far))
        for far in RATES
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_what_had_no_candidate_stays_unknown(asked):
    nothing = np.array([-np.inf])
    one = PastAnswers(nothing, nothing, np.array([2.3]), np.array([0.01]), np.array(["unknown"]))
    assert reconsider(one, 0.3, 0.2, asked[0]).tolist() == ["unknown"]


def test_a_map_keeps_apart_what_is_apart():
    photos, things = clusters(3, 20, seed=6, spread=0.3)
    flat = flatten(photos, things)
    assert np.abs(flat).max() == pytest.approx(1.0)
    middles = np.stack([flat[things == thing].mean(axis=0) for thing in range(3)])
    own = np.linalg.norm(flat - middles[things], axis=1)
    other = np.linalg.norm(flat - middles[(things + 1) % 3], axis=1)
    assert (own < other).all()
    assert flatten(photos[:1], things[:1]).tolist() == [[0.0, 0.0]]


def test_the_most_alike_categories_come_first():
    rows = np.array([[1, 0, 0], [0.9, 0.1, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    pairs = nearest_pairs(rows, np.array([7, 3, 5, 9]), 2)
    assert [pair[:2] for pair in pairs] == [(3, 7), (3, 5)]
    assert nearest_pairs(rows[:1], np.array([7]), 2) == []
