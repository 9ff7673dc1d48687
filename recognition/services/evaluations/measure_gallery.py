"""A gallery, measured by its own references and by what people said of its queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from recognition.core.errors import NothingToEvaluate
from recognition.evaluation.folds import Fold, Whole, folds
from recognition.evaluation.rates import asked_rates
from recognition.evaluation.results import Results
from recognition.evaluation.summary import Enrolled, Name, Summary
from recognition.matching.support import SupportSet
from recognition.models import Category, Evaluation, Gallery
from recognition.selectors.support import (
    feedback_of,
    negative_vectors_of,
    rejections_of,
    support_of,
)
from recognition.services.encoders.background import background_of
from recognition.services.evaluations.progress import Progress
from recognition.services.galleries.claims import aim_of

Through = Callable[[Sequence[Fold]], Iterator[Fold]]


def measure_gallery(evaluation: Evaluation, progress: Progress) -> dict[str, Any]:
    """Measure a gallery as ``gallery_results`` does, with what was asked for; the results are JSON.
    Raises NothingToEvaluate, LeaseLost.
    """
    return gallery_results(
        evaluation.gallery,
        far=evaluation.target_far,
        aim=aim_of(evaluation.gallery, evaluation.target_far),
        seed=evaluation.seed,
        through=progress.through,
    ).to_json()


def gallery_results(
    gallery: Gallery,
    *,
    far: float,
    aim: float | None = None,
    seed: int = 0,
    through: Through = iter,
) -> Results:
    """Measure a gallery by leaving one out. ``aim`` is what share of unknown photos may pass, where
    it is not ``far``. Raises NothingToEvaluate.
    """
    whole, rates = whole_of(gallery), asked_rates(far)
    parts = [fold.answers(far, rates) for fold in through(folds(whole, seed))]
    if not parts:
        raise NothingToEvaluate(
            "There is too little in the gallery to leave anything out: give it a second category, "
            "or a category a second photo."
        )
    return Summary(parts, far, names_of(gallery), aim=aim).results(enrolled(whole.support))


def whole_of(gallery: Gallery) -> Whole:
    """Read all that the gallery's decisions rest on."""
    return Whole(
        support_of(gallery),
        background_of(gallery),
        negative_vectors_of(gallery),
        feedback_of(gallery),
        rejections_of(gallery),
    )


def names_of(gallery: Gallery) -> Name:
    """Return the slugs of its categories, by number."""
    slugs = dict(Category.objects.filter(gallery=gallery).values_list("pk", "slug"))
    return lambda category: slugs.get(category, "a category since removed")


def enrolled(support: SupportSet) -> Enrolled:
    return Enrolled(len(np.unique(support.categories)), len(support.references), len(support.texts))
