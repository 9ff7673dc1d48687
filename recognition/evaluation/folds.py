"""A gallery asked about its own references, each time as if it did not have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recognition.core.types import Ids, Matrix
from recognition.evaluation.answers import Answers, answer
from recognition.matching.background import Background
from recognition.matching.fit import UNKNOWN, Feedback, fit
from recognition.matching.model import GalleryModel
from recognition.matching.support import SupportSet

FOLDS = 16
FOLDS_OF_MANY = 5
MANY = 256
"""References from which fitting takes long enough to be done less often."""

MAX_QUERIES = 2000
"""References of each kind that are asked about; of more, as many at random."""


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a gallery's model is fitted to; ``negatives`` ``(k, d)`` are photos that were given
    as impostors, beside the strangers among its judged queries.
    """

    support: SupportSet
    background: Background
    negatives: Matrix
    feedback: Feedback
    rejected: SupportSet

    @property
    def own(self) -> Matrix:
        """Return all images that show nothing that the gallery knows."""
        strangers = self.feedback.vectors[self.feedback.truths == UNKNOWN]
        return np.concatenate([self.negatives, strangers], dtype=np.float32)

    def without(self, rows: Ids) -> Whole:
        """Return the gallery less some rows of its support set."""
        return replace(self, support=self.support.take(_others(len(self.support), rows)))

    def without_judged(self, rows: Ids) -> Whole:
        """Return the gallery less some of its judged queries."""
        kept = _others(len(self.feedback.truths), rows)
        feedback = Feedback(self.feedback.vectors[kept], self.feedback.truths[kept])
        return replace(self, feedback=feedback)

    def fitted(self) -> GalleryModel:
        return fit(
            self.support,
            self.background,
            own=self.own,
            feedback=self.feedback,
            rejected=self.rejected,
        )

    def asked(
        self,
        model: GalleryModel,
        queries: Matrix,
        truths: Ids,
        far: float,
        rates: Sequence[float] = (),
    ) -> Answers:
        return answer(
            model, self.support, queries, truths, far=far, rejected=self.rejected, rates=rates
        )


@dataclass(frozen=True, slots=True)
class Fold:
    """Queries of known truth, and what they are asked of."""

    rest: Whole
    queries: Matrix
    truths: Ids

    def answers(self, far: float, rates: Sequence[float] = ()) -> Answers:
        return self.rest.asked(self.rest.fitted(), self.queries, self.truths, far, rates)


def folds(gallery: Whole, seed: int = 0) -> list[Fold]:
    """Leave one out as far as it can be afforded: references of categories that have others are
    left out, then whole categories, whose references then show what strangers score, and judged
    queries, which calibration must not have seen. None where nothing can be left out.
    """
    whole = replace(gallery, support=gallery.support.canonical())
    generator = np.random.default_rng(seed)
    return [
        *_shot_folds(whole, generator),
        *_category_folds(whole, generator),
        *_judged_folds(whole, generator),
    ]


def _count(whole: Whole) -> int:
    return FOLDS if len(whole.support) <= MANY else FOLDS_OF_MANY


def _shot_folds(whole: Whole, generator: np.random.Generator) -> Iterator[Fold]:
    """Leave out references of each category with several, a share at a time; never all of them."""
    support = whole.support
    rows = np.flatnonzero(~support.prompts)
    rows = generator.permutation(rows)
    rows = rows[np.argsort(support.categories[rows], kind="stable")]
    _, starts, counts = np.unique(support.categories[rows], return_index=True, return_counts=True)
    rank = np.arange(len(rows)) - np.repeat(starts, counts)
    several = np.repeat(counts, counts) > 1
    number = min(_count(whole), int(counts.max(initial=0)))
    chosen = _some(np.flatnonzero(several), generator)
    for fold in range(number):
        out = chosen[rank[chosen] % number == fold]
        if len(out):
            yield _left_out(whole, rows[out], rows[out])


def _category_folds(whole: Whole, generator: np.random.Generator) -> Iterator[Fold]:
    support = whole.support
    categories = generator.permutation(np.unique(support.references.categories))
    if len(np.unique(support.categories)) < 2:
        return
    asked = _some(np.flatnonzero(~support.prompts), generator)
    for fold in np.array_split(categories, max(2, min(_count(whole), len(categories)))):
        out = np.flatnonzero(np.isin(support.categories, fold))
        if len(out) and len(out) < len(support):
            yield _left_out(whole, out, np.intersect1d(asked, out))


def _judged_folds(whole: Whole, generator: np.random.Generator) -> Iterator[Fold]:
    judged = generator.permutation(len(whole.feedback.truths))
    if not len(whole.support):
        return
    for out in np.array_split(judged, min(FOLDS_OF_MANY, len(judged)) or 1):
        if len(out):
            rest = whole.without_judged(out)
            yield Fold(rest, whole.feedback.vectors[out], whole.feedback.truths[out])


def _left_out(whole: Whole, out: Ids, asked: Ids) -> Fold:
    return Fold(whole.without(out), whole.support.vectors[asked], whole.support.categories[asked])


def _some(rows: Ids, generator: np.random.Generator) -> Ids:
    if len(rows) <= MAX_QUERIES:
        return rows
    return np.sort(generator.choice(rows, MAX_QUERIES, replace=False))


def _others(count: int, rows: Ids) -> Ids:
    return np.setdiff1d(np.arange(count, dtype=np.int64), rows)
