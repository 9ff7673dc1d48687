"""One scale for all: its marks lie where decisions change, whatever the thresholds are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.matching.strength import MATCH, MAYBE, strength, strength_word

scores = st.floats(-10, 60)
thresholds = st.floats(0.5, 8)


@given(scores, thresholds, st.floats(0.1, 1))
def test_a_score_is_beyond_the_mark_just_where_it_is_a_match(score, threshold, share):
    reached = strength(score, threshold, threshold * share, supported=True)
    assert 0 <= reached <= 1
    assert (reached >= MATCH) == (score >= threshold)


@given(scores, scores, thresholds)
def test_what_scores_more_is_stronger(one, other, threshold):
    low, high = sorted((one, other))
    place = [strength(each, threshold, None, supported=True) for each in (low, high)]
    assert place[0] <= place[1]


@given(scores, thresholds)
def test_nothing_is_a_match_where_too_little_is_known(score, threshold):
    assert strength(score, threshold, threshold / 2, supported=False) < MATCH


@pytest.mark.parametrize(
    ("score", "word"),
    [(-1, "chance"), (1, "chance"), (2.0, "maybe"), (2.6, "match"), (8.6, "strong match")],
)
def test_a_place_has_a_word(score, word):
    assert strength_word(strength(score, 2.4, 1.9, supported=True)) == word


def test_the_marks_divide_the_scale_in_thirds():
    assert (MAYBE, MATCH) == (1 / 3, 2 / 3)
