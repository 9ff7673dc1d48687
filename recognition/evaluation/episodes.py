"""N-way K-shot episodes, closed-set and open-set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from recognition.core.arrays import Floats
from recognition.core.types import Ids, Matrix
from recognition.evaluation.labelled import LabelledSet, as_support, split_rows
from recognition.matching.support import SupportSet

Method: TypeAlias = Callable[[SupportSet, Matrix], Floats]
"""From a support set and queries to scores ``(queries, categories)``, categories in ascending
order."""


@dataclass(frozen=True, slots=True)
class Episode:
    """Some classes enrolled with some shots each; queries of them, and of others."""

    support: SupportSet
    queries: Matrix
    truths: Ids
    strangers: Matrix
    stranger_labels: Ids


@dataclass(frozen=True, slots=True)
class EpisodeScores:
    """A method's scores on an episode ``(queries, categories)``, with the true column of each
    query, and scores of strangers.
    """

    scores: Floats
    truth: Ids
    strangers: Floats


def episodes(
    data: LabelledSet,
    *,
    count: int,
    shots: int,
    ways: int | None = None,
    enrolled: float = 1.0,
    seed: int = 0,
) -> Iterator[Episode]:
    """Draw ``count`` episodes of ``ways`` classes (all by default), a share of them ``enrolled``.
    The others are dealt, so that one class is a stranger as often as another.
    """
    generator = np.random.default_rng(seed)
    classes = data.classes
    total = min(ways or len(classes), len(classes))
    known = max(1, round(enrolled * total))
    deck = classes[:0]
    for _ in range(count):
        outside, deck = _dealt(deck, total - known, classes, generator)
        inside = generator.permutation(np.setdiff1d(classes, outside))[:known]
        members, others = data.of(inside), data.of(outside)
        chosen, rest = split_rows(members.labels, shots, generator)
        yield Episode(
            as_support(members.vectors[chosen], members.labels[chosen]),
            members.vectors[rest],
            members.labels[rest],
            others.vectors,
            others.labels,
        )


def _dealt(deck: Ids, count: int, classes: Ids, generator: np.random.Generator) -> tuple[Ids, Ids]:
    """The first ``count`` of a deck, all different, and the rest; a spent one is shuffled anew."""
    if len(deck) < count:
        fresh = generator.permutation(classes)
        left = np.isin(fresh, deck)
        deck = np.concatenate([deck, fresh[~left], fresh[left]])
    return deck[:count], deck[count:]


def play(episode: Episode, method: Method) -> EpisodeScores:
    """Score an episode's queries and strangers by a method."""
    scores = method(episode.support, np.concatenate([episode.queries, episode.strangers]))
    categories = np.unique(episode.support.categories)
    middle = len(episode.queries)
    truth = np.searchsorted(categories, episode.truths).astype(np.int64)
    return EpisodeScores(scores[:middle], truth, scores[middle:])
