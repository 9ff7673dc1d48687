"""Episodes of a labelled set, answered by the product."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from recognition.core.errors import NothingToEvaluate
from recognition.evaluation.answers import Answers, answer
from recognition.evaluation.episodes import Episode, episodes
from recognition.evaluation.labelled import LabelledSet
from recognition.evaluation.results import Results
from recognition.evaluation.summary import Enrolled, Name, Summary
from recognition.matching.background import Background
from recognition.matching.fit import UNKNOWN, fit

HALF = 0.5
"""Of the classes of a set, the share that an open-set episode enrols; the others are strangers."""

Through = Callable[[Sequence[Episode]], Iterator[Episode]]


def drawn_episodes(
    data: LabelledSet,
    *,
    shots: int,
    count: int,
    seed: int = 0,
    ways: int | None = None,
    enrolled: float = HALF,
) -> list[Episode]:
    """Draw episodes of the classes that have an image to ask about beside their ``shots``.

    Raises NothingToEvaluate where there are fewer than two of those.
    """
    classes, counts = np.unique(data.labels, return_counts=True)
    kept = data.of(classes[counts > shots])
    if len(kept.classes) < 2:
        raise NothingToEvaluate(
            f"Two classes with {shots + 1} images each are the least that can be evaluated with "
            f"{shots} a reference."
        )
    return list(episodes(kept, count=count, shots=shots, ways=ways, enrolled=enrolled, seed=seed))


def measured_episodes(
    rounds: Sequence[Episode],
    background: Background,
    *,
    far: float,
    name: Name = str,
    through: Through = iter,
) -> Results:
    """Measure what the product makes of episodes, at one false-accept rate."""
    [results] = measured_at(rounds, background, fars=[far], name=name, through=through)
    return results


def measured_at(
    rounds: Sequence[Episode],
    background: Background,
    *,
    fars: Sequence[float],
    name: Name = str,
    through: Through = iter,
) -> list[Results]:
    """Measure episodes as ``measured_episodes`` does at several rates, each gallery fitted once."""
    parts = [asked(episode, background, fars) for episode in through(rounds)]
    support = rounds[0].support
    enrolled = Enrolled(len(np.unique(support.categories)), len(support))
    return [
        Summary(of_rate, far, name, repeated=True).results(enrolled)
        for far, of_rate in zip(fars, zip(*parts, strict=True), strict=True)
    ]


def asked(episode: Episode, background: Background, fars: Sequence[float]) -> list[Answers]:
    """Return what a gallery of the episode's support set answers to its queries and then its
    strangers, at each rate.
    """
    queries = np.concatenate([episode.queries, episode.strangers])
    strangers = np.full(len(episode.strangers), UNKNOWN, np.int64)
    truths = np.concatenate([episode.truths, strangers])
    model = fit(episode.support, background)
    return [answer(model, episode.support, queries, truths, far=far) for far in fars]
