"""Evaluation on things whose geometry is known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from recognition.core.errors import NothingToEvaluate
from recognition.evaluation.episodes import Episode, episodes
from recognition.evaluation.labelled import LabelledSet, halves, split_rows
from recognition.evaluation.measures import accuracies, compared
from recognition.evaluation.methods import ABLATION, nearest_neighbour, product, stepwise
from recognition.evaluation.rounds import drawn_episodes, measured_episodes
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


@pytest.mark.parametrize("enrolled", [0.5, 0.8])
def test_one_class_is_a_stranger_as_often_as_another(enrolled: float):
    def drawn(share: float) -> Iterator[Episode]:
        return episodes(labelled(), count=48, shots=1, ways=10, enrolled=share)

    met = [np.unique(e.stranger_labels) for e in drawn(enrolled)]
    assert {len(each) for each in met} == {round(10 * (1 - enrolled))}
    counts = np.bincount(np.concatenate(met), minlength=24)
    assert counts.max() - counts.min() <= 1


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


def test_accuracy_counts_right_answers():
    rounds = list(episodes(labelled(spread=2.5), count=4, shots=1))
    by_hand = []
    for episode in rounds:
        nearest = (episode.queries @ episode.support.vectors.T).argmax(axis=1)
        by_hand.append(np.mean(episode.support.categories[nearest] == episode.truths))
    assert accuracies(rounds, nearest_neighbour) == pytest.approx(by_hand)


def test_the_product_keeps_its_promise_and_is_better_than_the_baseline():
    rounds = drawn_episodes(labelled(classes=40, spread=1.6), shots=3, count=8)
    measured = measured_episodes(rounds, BACKGROUND, far=0.05)
    assert measured.promise.far and measured.promise.far.trials == 8 * 20 * 6
    assert 0.035 <= measured.promise.far.value <= 0.07
    assert measured.confidence and measured.confidence.ece < 0.1
    assert measured.verification and measured.open_set
    assert 0.0 <= measured.verification.eer < 0.5 < measured.open_set.auroc <= 1.0
    baseline, ours = compared(
        rounds, rounds, [("plain", nearest_neighbour), ("ours", product(BACKGROUND))]
    )
    assert baseline.gain.mean == 0.0
    assert ours.gain.mean == pytest.approx(ours.top1.mean - baseline.top1.mean)
    assert ours.gain.mean >= 0.0
    assert measured.identification
    assert ours.top1.mean == pytest.approx(measured.identification.top1.value)


def test_a_set_of_single_images_cannot_be_evaluated():
    with pytest.raises(NothingToEvaluate, match="Two classes with 2 images"):
        drawn_episodes(labelled(each=1), shots=1, count=1)


@pytest.mark.parametrize("name", ABLATION)
def test_every_step_can_be_left_out_or_added(name: str):
    [episode] = episodes(labelled(), count=1, shots=3)
    method = stepwise(ABLATION[name], BACKGROUND)
    assert method(episode.support, episode.queries).shape == (len(episode.queries), 24)
    assert accuracies([episode], method)[0] > 0.8
