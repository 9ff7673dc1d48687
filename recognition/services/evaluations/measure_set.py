"""A labelled set, measured in episodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from recognition.evaluation.episodes import Episode
from recognition.evaluation.labelled import LabelledSet, halves
from recognition.evaluation.measures import (
    Measured,
    accuracies,
    compared,
    compared_methods,
)
from recognition.evaluation.methods import nearest_neighbour
from recognition.evaluation.metrics import Interval, mean_interval
from recognition.evaluation.results import Results
from recognition.evaluation.rounds import drawn_episodes, measured_at
from recognition.matching.background import Background

Through = Callable[[Sequence[Episode]], Iterator[Episode]]


@dataclass(frozen=True, slots=True)
class Plan:
    """The way in which a set is drawn from: ``count`` episodes of ``ways`` classes (all by
    default), the classes of one ``half`` or of all; open-set episodes enrol a share of them.
    """

    count: int = 20
    ways: int | None = None
    enrolled: float = 0.5
    half: str = "all"
    seed: int = 0

    def of(self, data: LabelledSet) -> LabelledSet:
        """Return the classes to tune on, those to report on, or all."""
        if self.half == "all":
            return data
        tuned, reported = halves(data, self.seed)
        return tuned if self.half == "tune" else reported

    def closed(self, data: LabelledSet, shots: int) -> list[Episode]:
        return self._drawn(data, shots, 1.0)

    def opened(self, data: LabelledSet, shots: int) -> list[Episode]:
        return self._drawn(data, shots, self.enrolled)

    def _drawn(self, data: LabelledSet, shots: int, enrolled: float) -> list[Episode]:
        return drawn_episodes(
            self.of(data),
            shots=shots,
            count=self.count,
            ways=self.ways,
            enrolled=enrolled,
            seed=self.seed,
        )


@dataclass(frozen=True, slots=True)
class MeasuredSet:
    """``closed`` has every class enrolled; ``opened``, one a false-accept rate, some of them.
    ``nearest`` is the plain nearest neighbour's accuracy in the closed episodes.
    """

    name: str
    shots: int
    nearest: Interval
    closed: Results
    opened: tuple[Results, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def measure_set(
    name: str,
    data: LabelledSet,
    background: Background,
    plan: Plan,
    *,
    shots: int,
    fars: Sequence[float],
    through: Through = iter,
) -> MeasuredSet:
    """Measure a set. Raises NothingToEvaluate for one with too few classes or images."""
    closed, opened = plan.closed(data, shots), plan.opened(data, shots)
    names = data.names.__getitem__
    [all_enrolled] = measured_at(closed, background, fars=fars[:1], name=names, through=through)
    return MeasuredSet(
        name,
        shots,
        mean_interval(accuracies(closed, nearest_neighbour)),
        all_enrolled,
        tuple(measured_at(opened, background, fars=fars, name=names, through=through)),
    )


def ablate_set(
    data: LabelledSet, once: LabelledSet, background: Background, plan: Plan, *, shots: int
) -> Iterator[Measured]:
    """Measure what each step of matching is worth, on the same episodes; ``once`` are the same
    images seen once each, without the views. Raises NothingToEvaluate.
    """
    closed, opened = plan.closed(data, shots), plan.opened(data, shots)
    yield from compared(closed, opened, compared_methods(background))
    baseline = accuracies(closed, nearest_neighbour)
    plainly = plan.closed(once, shots), plan.opened(once, shots)
    one_view = [("nearest neighbour, one view", nearest_neighbour)]
    yield from compared(*plainly, one_view, baseline)
