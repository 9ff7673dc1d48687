"""Learn from a gallery what a chance similarity looks like in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.core.types import Ids, Matrix
from recognition.matching.background import Background
from recognition.matching.calibration import Trials, fit_calibration
from recognition.matching.cohort import reservoir
from recognition.matching.impostors import (
    Impostors,
    fit_gallery_impostors,
)
from recognition.matching.model import GalleryModel
from recognition.matching.scoring import Prepared, category_scores
from recognition.matching.shots import members_of, shot_scores
from recognition.matching.space import Space, fit_space, shrinkage
from recognition.matching.spreads import ImpostorScores
from recognition.matching.support import SupportSet

MAX_CATEGORIES = 400
MAX_SHOTS = 8
MAX_OWN = 256
IMPOSTOR_FOLDS = 16
MAX_TRIALS = 64
"""Queries of a fold that calibration looks at."""

MIN_CATEGORIES = 3
PAIR_WORTH = 1.0
"""Of the pairs of categories, the share that is worth an independent score."""

STRANGER_WORTH = 1.0
"""Independent scores that a stranger is worth, however many categories it is compared with; a query
that was rejected for one category is worth as many."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """Queries ``(n, d)`` of known truth: the category of each, or ``UNKNOWN``."""

    vectors: Matrix
    truths: Ids


UNKNOWN = -1


def fit(
    support: SupportSet,
    background: Background,
    *,
    generation: int = 0,
    own: Matrix | None = None,
    feedback: Feedback | None = None,
    rejected: SupportSet | None = None,
    seed: int = 0,
    calibrate: bool = True,
) -> GalleryModel:
    """Fit a gallery's model: milliseconds for tens of references, seconds for any number.

    ``own`` ``(k, d)`` are images of the installation like the queries that show none of the
    gallery's categories, and ``rejected`` queries each with the one category that it was judged not
    to show: both tell what chance scores. Who asks for scores alone may do without ``calibrate``,
    which takes most of the time. Large support sets are sampled, by ``seed``; order and repetition
    of the references change nothing.
    """
    others = reservoir(
        np.empty((0, background.dimension), np.float32) if own is None else own, limit=MAX_OWN
    )
    background = background.with_images(others)
    sample = _sample(support, seed)
    gallery = _Gallery(sample, background, others)
    space = gallery.space(sample)
    folds = gallery.folds()
    mistaken = gallery.rejected_scores(rejected, space) if rejected else []
    impostors = gallery.impostors(folds, mistaken)
    trials = list(gallery.trials(folds, impostors)) if calibrate else []
    if calibrate and feedback is not None and len(feedback.vectors):
        trials.append(gallery.scored(feedback.vectors, feedback.truths, sample, space, impostors))
    return GalleryModel(
        background=background,
        generation=generation,
        categories=len(np.unique(support.categories)),
        textual=bool(support.prompts.all()),
        space=space,
        impostors=impostors,
        calibration=fit_calibration(trials),
    )


@dataclass(frozen=True, slots=True)
class _Fold:
    """References ``out`` of categories of which ``rest`` has nothing."""

    out: SupportSet
    rest: SupportSet
    space: Space

    def impostor_scores(self, freedom: int) -> ImpostorScores:
        """Return the impostor scores of what was left out; ``freedom`` is by how many the whole
        gallery's references outnumber its categories.

        Each category steadies the space by its scatter, so that scores were found to narrow with
        the number of categories as its power of ``shrinkage``.
        """
        references = self.rest.references
        owners, members = members_of(references)
        scores = shot_scores(self.space(self.out.vectors), self.space(references.vectors), members)
        out = len(np.unique(self.out.categories))
        excess = float(((len(owners) + out) / len(owners)) ** shrinkage(freedom))
        return ImpostorScores(scores, owners, excess, sources=out)


@dataclass(frozen=True, slots=True)
class _Gallery:
    support: SupportSet
    background: Background
    own: Matrix

    def space(self, support: SupportSet, own: Matrix | None = None) -> Space:
        """Fit a space as bold as the whole gallery's, also where a part of it is left out."""
        owners = self.support.references.categories
        count = len(np.unique(owners))
        return fit_space(
            support,
            self.background.text_basis,
            self.background.mean,
            self.own if own is None else own,
            known=self.background.prior.known_share(count + len(self.own)),
            centre_share=self.background.prior.centre_share,
            freedom=len(owners) - count,
        )

    def folds(self) -> list[_Fold]:
        """Leave a share of the categories with references out at a time, as if it were unknown."""
        return [
            _Fold(out, rest, self.space(rest))
            for out, rest in _category_folds(self.support, self.support.references.categories)
        ]

    def impostors(self, folds: list[_Fold], mistaken: list[ImpostorScores]) -> Impostors:
        """Fit each reference against the categories that it is not of, each stranger against all,
        and what was ``mistaken`` for a category.
        """
        references = self.support.references
        categories = len(np.unique(references.categories))
        expected = self.background.prior.expected(
            categories + len(self.own),
            len(references) / max(categories, 1),
            self.background.looks(references.vectors),
        )
        if not categories:
            return fit_gallery_impostors([], 0.0, expected)
        batches = [fold.impostor_scores(len(references) - categories) for fold in folds]
        pairs = PAIR_WORTH * categories * (categories - 1) / 2 if folds else 0.0
        judged = len(self.own) + sum(batch.sources for batch in mistaken)
        return fit_gallery_impostors(
            [*batches, *self.stranger_scores(), *mistaken],
            pairs + STRANGER_WORTH * judged,
            expected,
            paired=pairs,
        )

    def stranger_scores(self) -> list[ImpostorScores]:
        """Score each stranger against the categories, in a space that it was left out of."""
        if not len(self.own):
            return []
        references = self.support.references
        owners, members = members_of(references)
        found = []
        strangers = np.arange(len(self.own))
        for fold in np.array_split(strangers, min(IMPOSTOR_FOLDS, len(strangers))):
            space = self.space(self.support, np.delete(self.own, fold, axis=0))
            scores = shot_scores(space(self.own[fold]), space(references.vectors), members)
            found.append(ImpostorScores(scores, owners, sources=len(fold)))
        return found

    def rejected_scores(self, rejected: SupportSet, space: Space) -> list[ImpostorScores]:
        """Score each query that somebody said is not of a category against that one; of another it
        may be, and the space knows nothing of it. The latest count where there are many.
        """
        found, latest = [], rejected.take(np.arange(len(rejected)) < MAX_OWN)
        for category, rows in latest.groups():
            references = self.support.references.of_categories([category])
            owners, members = members_of(references)
            if len(owners):
                queries = space(latest.vectors[rows])
                scores = shot_scores(queries, space(references.vectors), members)
                found.append(ImpostorScores(scores, owners, sources=len(rows)))
        return found

    def trials(self, folds: list[_Fold], impostors: Impostors) -> Iterator[Trials]:
        yield from self.known_trials(impostors)
        yield from self.unknown_trials(folds, impostors)

    def known_trials(self, impostors: Impostors) -> Iterator[Trials]:
        """Try each shot of a category that has others against a gallery without it."""
        for fold, rest in _shot_folds(self.support):
            out = _thinned(fold)
            yield self.scored(out.vectors, out.categories, rest, self.space(rest), impostors)

    def unknown_trials(self, folds: list[_Fold], impostors: Impostors) -> Iterator[Trials]:
        if len(folds) < MIN_CATEGORIES:
            return
        for fold in folds:
            queries = _thinned(fold.out).vectors
            truths = np.full(len(queries), UNKNOWN)
            yield self.scored(queries, truths, fold.rest, fold.space, impostors)

    def scored(
        self,
        queries: Matrix,
        truths: Ids,
        support: SupportSet,
        space: Space,
        impostors: Impostors,
    ) -> Trials:
        prepared = Prepared.of(support, space, self.background)
        scores = category_scores(queries, prepared, impostors)
        columns = np.searchsorted(scores.categories, truths)
        columns = np.minimum(columns, len(scores.categories) - 1)
        found = scores.categories[columns] == truths
        return Trials(scores.fused, np.where(found, columns, UNKNOWN).astype(np.int64))


def _sample(support: SupportSet, seed: int) -> SupportSet:
    """At most so many categories and shots of each, each reference once."""
    categories = np.unique(support.categories)
    if len(categories) > MAX_CATEGORIES:
        chosen = np.random.default_rng(seed).choice(categories, MAX_CATEGORIES, replace=False)
        support = support.of_categories(chosen)
    distinct = support.canonical()
    return distinct.take(_rank_in_category(distinct) < MAX_SHOTS)


def _thinned(support: SupportSet) -> SupportSet:
    return support.take(np.arange(0, len(support), -(-len(support) // MAX_TRIALS) or 1))


def _category_folds(
    support: SupportSet, categories: Ids
) -> Iterator[tuple[SupportSet, SupportSet]]:
    """References of a share of ``categories``, and the rest; one by one where there are few."""
    distinct = np.unique(categories)
    if len(distinct) < MIN_CATEGORIES:
        return
    for fold in np.array_split(distinct, min(IMPOSTOR_FOLDS, len(distinct))):
        out = np.isin(support.categories, fold)
        yield support.take(out & ~support.prompts), support.take(~out)


def _shot_folds(support: SupportSet) -> Iterator[tuple[SupportSet, SupportSet]]:
    """One reference of each category that has several, and all that is left."""
    references = support.references
    if not len(references):
        return
    rank = _rank_in_category(references)
    counts = dict(zip(*np.unique(references.categories, return_counts=True), strict=True))
    several = np.array([counts[category] > 1 for category in references.categories])
    for shot in range(int(rank[several].max()) + 1 if several.any() else 0):
        out = several & (rank == shot)
        rest = references.take(~out)
        yield references.take(out), _joined(rest, support.texts)


def _joined(left: SupportSet, right: SupportSet) -> SupportSet:
    return SupportSet(
        np.concatenate([left.ids, right.ids]),
        np.concatenate([left.categories, right.categories]),
        np.concatenate([left.prompts, right.prompts]),
        np.concatenate([left.vectors, right.vectors]),
    )


def _rank_in_category(support: SupportSet) -> NDArray[np.intp]:
    """Count for each row, ``(n,)``, how many of its category and kind come before it."""
    rank = np.zeros(len(support), dtype=np.intp)
    keys = support.categories * 2 + support.prompts
    order = np.argsort(keys, kind="stable")
    _, starts, counts = np.unique(keys[order], return_index=True, return_counts=True)
    rank[order] = np.arange(len(support)) - np.repeat(starts, counts)
    return rank
