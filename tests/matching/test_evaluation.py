"""Evaluation on things whose geometry is known."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.matching.evaluation.episodes import episodes, play
from recognition.matching.evaluation.labelled import LabelledSet, halves, split_rows
from recognition.matching.evaluation.measures import accuracy, open_set
from recognition.matching.evaluation.methods import ABLATION, nearest_neighbour, product, stepwise
from tests.matching.galleries import background, clusters

BACKGROUND = background()


def labelled(classes: int = 24, each: int = 6, spread: float = 0.8) -> LabelledSet:
    photos, labels = clusters(classes, each, seed=11, spread=spread)
    return LabelledSet(photos, labels, tuple(str(number) for number in range(classes)))


def test_an_episode_enrols_some_classes_and_asks_for_them_and_for_others():
    [episode] = episodes(labelled(), count=1, shots=2, ways=10, enrolled=0.5)
    assert len(np.unique(episode.support.categories)) == 5
    assert len(episode.support) == 5 * 2 and len(episode.queries) == 5 * 4
    assert set(episode.truths) == set(episode.support.categories)
    assert not set(episode.stranger_labels) & set(episode.truths)


def test_episodes_are_the_same_for_the_same_seed():
    one, two = (list(episodes(labelled(), count=2, shots=1, seed=3)) for _ in range(2))
    for left, right in zip(one, two, strict=True):
        np.testing.assert_array_equal(left.support.vectors, right.support.vectors)


def test_no_class_is_both_tuned_on_and_reported():
    tuned, reported = halves(labelled(), seed=1)
    assert not set(tuned.labels) & set(reported.labels)
    assert len(tuned.vectors) + len(reported.vectors) == len(labelled().vectors)


def test_no_reference_is_also_a_query():
    chosen, rest = split_rows(labelled().labels, 2, np.random.default_rng(0))
    assert not set(chosen) & set(rest)
    assert len(chosen) == 24 * 2 and len(chosen) + len(rest) == 24 * 6


def test_accuracy_counts_right_answers_and_names_confusions():
    data = labelled(spread=2.5)
    measured = accuracy(episodes(data, count=4, shots=1), nearest_neighbour)
    by_hand = [play(e, nearest_neighbour).right.mean() for e in episodes(data, count=4, shots=1)]
    assert measured.top1.mean == pytest.approx(np.mean(by_hand))
    assert measured.top1.mean < measured.top5.mean < 1.0
    assert all(truth != answer for truth, answer, _ in measured.confusions)


def test_the_product_keeps_its_promise_and_is_better_than_the_baseline():
    data = labelled(classes=40, spread=1.6)
    rounds = list(episodes(data, count=8, shots=3, enrolled=0.5))
    measured = open_set(rounds, product(BACKGROUND), far=0.05)
    assert 0.035 <= measured.measured_far.mean <= 0.07
    assert measured.ece < 0.1
    assert 0.0 <= measured.eer < 0.5 < measured.auroc <= 1.0
    ours = accuracy(rounds, product(BACKGROUND)).top1.mean
    assert ours >= accuracy(rounds, nearest_neighbour).top1.mean


@pytest.mark.parametrize("name", ABLATION)
def test_every_step_can_be_left_out_or_added(name: str):
    [episode] = episodes(labelled(), count=1, shots=3)
    played = play(episode, stepwise(ABLATION[name], BACKGROUND))
    assert played.scores.shape == (len(episode.queries), 24)
    assert played.right.mean() > 0.8
