"""Omniglot's official one-shot runs, by the product and by what it is compared with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from recognition.core.types import Matrix
from recognition.encoders.protocol import InspectingEncoder
from recognition.evaluation.labelled import LabelledSet
from recognition.evaluation.methods import nearest_neighbour, product
from recognition.evaluation.metrics import Interval, mean_interval
from recognition.evaluation.omniglot import Run, run_accuracies
from recognition.matching.background import Background
from recognition.matching.support import SupportSet
from recognition.services.evaluations.labelled_images import embed_pictures


@dataclass(frozen=True, slots=True)
class RunsMeasured:
    """``accuracies`` are one a run; people's and the literature's are known as a mean alone."""

    method: str
    accuracies: tuple[float, ...]

    @property
    def top1(self) -> Interval:
        return mean_interval(self.accuracies)


def measure_runs(
    runs: Sequence[Run],
    background: Background,
    looking: InspectingEncoder,
    plain: InspectingEncoder,
) -> Iterator[RunsMeasured]:
    """Measure runs; ``looking`` is shown several views of a drawing, ``plain`` each drawing
    once.
    """

    def looks(images: Sequence[Image.Image]) -> Matrix:
        return embed_pictures(images, looking)

    def once(images: Sequence[Image.Image]) -> Matrix:
        return embed_pictures(images, plain)

    for method, embed, score in (
        ("the product", looks, product(background)),
        ("nearest neighbour, the same views", looks, nearest_neighbour),
        ("nearest neighbour, one view", once, nearest_neighbour),
        ("pixels, nearest neighbour", pixels, nearest_pixels),
    ):
        yield RunsMeasured(method, tuple(run_accuracies(runs, embed, score)))


def drawings(runs: Sequence[Run], encoder: InspectingEncoder) -> list[LabelledSet]:
    """Return each run as a labelled set of two drawings of each of its characters."""
    sets = []
    for run in runs:
        count = len(run.references)
        vectors = embed_pictures([*run.references, *run.queries], encoder)
        labels = np.array([*range(count), *run.truths], np.int64)
        sets.append(LabelledSet(vectors, labels, tuple(map(str, range(count)))))
    return sets


def pixels(images: Sequence[Image.Image]) -> Matrix:
    return np.stack([np.asarray(image.convert("L"), np.float32).ravel() / 255 for image in images])


def nearest_pixels(support: SupportSet, queries: Matrix) -> np.ndarray:
    distances = np.linalg.norm(queries[:, None] - support.vectors[None], axis=2)
    nearness: np.ndarray = -distances.astype(np.float64)
    return nearness
