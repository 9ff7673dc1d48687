"""Methods of recognition side by side, on the same episodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from recognition.evaluation.episodes import Episode, Method, play
from recognition.evaluation.methods import (
    ABLATION,
    nearest_neighbour,
    product,
    stepwise,
)
from recognition.evaluation.metrics import Interval, auroc, mean_interval, top_k_right
from recognition.matching.background import Background


@dataclass(frozen=True, slots=True)
class Measured:
    """A method's accuracy over closed-set episodes and, over open-set ones, the area under the
    ROC curve of best scores; null where there are no strangers.
    """

    method: str
    top1: Interval
    auroc: Interval | None
    gain: Interval
    """Top-1 accuracy less the plain nearest neighbour's, episode by episode."""


def compared_methods(background: Background) -> Iterator[tuple[str, Method]]:
    """Yield plain nearest neighbour, the product, and every step left out or added."""
    yield "nearest neighbour", nearest_neighbour
    yield "the product", product(background)
    for name, steps in ABLATION.items():
        yield name, stepwise(steps, background)


def compared(
    closed: Sequence[Episode],
    opened: Sequence[Episode],
    methods: Iterable[tuple[str, Method]],
    baseline: list[float] | None = None,
) -> Iterator[Measured]:
    """Yield each method as its episodes are done, compared with the ``baseline``'s accuracies, or
    those of the first.
    """
    for name, method in methods:
        right = accuracies(closed, method)
        baseline = baseline or right
        areas = [area for episode in opened if (area := _area(episode, method)) is not None]
        yield Measured(
            name,
            mean_interval(right),
            mean_interval(areas) if areas else None,
            mean_interval(np.subtract(right, baseline)),
        )


def accuracies(episodes: Iterable[Episode], method: Method) -> list[float]:
    """Return the top-1 accuracy of each episode."""
    played = (play(episode, method) for episode in episodes)
    return [float(top_k_right(each.scores, each.truth, 1).mean()) for each in played]


def _area(episode: Episode, method: Method) -> float | None:
    if not len(episode.strangers):
        return None
    played = play(episode, method)
    return auroc(played.scores.max(axis=1), played.strangers.max(axis=1))
