"""Episodes of a labelled set, answered by the product."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from recognition.errors import NothingToEvaluate
from recognition.matching.background import Background
from recognition.matching.evaluation.answers import Answers, answer
from recognition.matching.evaluation.episodes import Episode, episodes
from recognition.matching.evaluation.labelled import LabelledSet
from recognition.matching.evaluation.results import Results
from recognition.matching.evaluation.summary import Enrolled, Summary
from recognition.matching.fit import UNKNOWN, fit

ENROLLED = 0.5
"""Of the classes of a set, the share that an episode enrols; the others are strangers."""

Through = Callable[[Sequence[Episode]], Iterator[Episode]]


def measured_episodes(
    data: LabelledSet,
    background: Background,
    *,
    far: float,
    shots: int,
    count: int,
    seed: int = 0,
    ways: int | None = None,
    enrolled: float = ENROLLED,
    through: Through = iter,
) -> Results:
    """``count`` episodes of ``ways`` classes with ``shots`` references each, a share of the classes
    ``enrolled``. Raises NothingToEvaluate for a set of fewer than two classes with enough images.
    """
    data = enough_of(data, shots)
    rounds = list(episodes(data, count=count, shots=shots, ways=ways, enrolled=enrolled, seed=seed))
    parts = [asked(episode, background, far) for episode in through(rounds)]
    classes = len(np.unique(rounds[0].support.categories))
    summary = Summary(parts, far, lambda number: data.names[number], repeated=True)
    return summary.results(Enrolled(classes, classes * shots))


def asked(episode: Episode, background: Background, far: float) -> Answers:
    """What a gallery of the episode's support set answers to its queries and strangers."""
    queries = np.concatenate([episode.queries, episode.strangers])
    strangers = np.full(len(episode.strangers), UNKNOWN, np.int64)
    truths = np.concatenate([episode.truths, strangers])
    return answer(fit(episode.support, background), episode.support, queries, truths, far=far)


def enough_of(data: LabelledSet, shots: int) -> LabelledSet:
    """The classes with an image to ask about beside their ``shots``. Raises NothingToEvaluate."""
    classes, counts = np.unique(data.labels, return_counts=True)
    kept = classes[counts > shots]
    if len(kept) < 2:
        raise NothingToEvaluate(
            f"Two classes with {shots + 1} images each are the least that can be evaluated with "
            f"{shots} a reference."
        )
    return data.of(kept)
