"""The product's matching, and what it is measured against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recognition.core.arrays import Floats, unit_rows
from recognition.core.types import Matrix
from recognition.evaluation.episodes import Method
from recognition.matching.background import Background
from recognition.matching.fit import fit
from recognition.matching.normalise import as_norm, statistics, t_norm, z_norm
from recognition.matching.scoring import category_scores
from recognition.matching.shots import members_of, shot_scores
from recognition.matching.space import Space, fit_space, mean_image
from recognition.matching.support import SupportSet


def nearest_neighbour(support: SupportSet, queries: Matrix) -> Floats:
    """Score by the plain baseline: the best cosine a category, on the embeddings as they are."""
    _, members = members_of(support)
    cosines = queries.astype(np.float64) @ support.vectors.T
    return np.stack([cosines[:, rows].max(axis=1) for rows in members], axis=1)


def product(background: Background) -> Method:
    """Return the method with all steps, as the service runs them."""

    def score(support: SupportSet, queries: Matrix) -> Floats:
        model = fit(support, background, calibrate=False)
        return category_scores(queries, model.prepare(support), model.impostors).fused

    return score


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of image matching that are taken, to see what each is worth."""

    text_basis: bool = True
    centre: bool = True
    within: bool = True
    pooling: str = "soft"
    norm: str = "none"


ABLATION: dict[str, Steps] = {
    "all steps": Steps(),
    "without weighing the text subspace": Steps(text_basis=False),
    "without centring": Steps(centre=False),
    "without within-category scatter": Steps(within=False),
    "nearest shot alone": Steps(pooling="nearest"),
    "prototype alone": Steps(pooling="prototype"),
    "with Z-norm": Steps(norm="z"),
    "with T-norm": Steps(norm="t"),
    "with adaptive S-norm": Steps(norm="as"),
}

NORM_TOP = 20


def stepwise(steps: Steps, background: Background) -> Method:
    """Return image matching with some steps left out or added; normalisation is against the
    cohort.
    """

    def score(support: SupportSet, queries: Matrix) -> Floats:
        space = _space(steps, support, background)
        rows, shots = space(queries), space(support.vectors)
        scores = _pooled(steps.pooling, rows, shots, support)
        cohort = space(background.cohort.images)
        return _normalised(steps, scores, rows, shots, cohort, support)

    return score


def _space(steps: Steps, support: SupportSet, background: Background) -> Space:
    images = background.cohort.images
    text_basis = background.text_basis if steps.text_basis else images[:0]
    known = background.prior.known_share(len(np.unique(support.categories)))
    everyday = mean_image(images, text_basis)
    space = fit_space(
        support,
        text_basis,
        everyday,
        images[:0],
        known=known,
        centre_share=background.prior.centre_share,
    )
    mean = space.mean if steps.centre else np.zeros_like(space.mean)
    if steps.within:
        return Space(text_basis, mean, space.within, space.gains, space.rest)
    return Space(text_basis, mean, space.within[:0], space.gains[:0], 1.0)


def _pooled(pooling: str, queries: Matrix, shots: Matrix, support: SupportSet) -> Floats:
    _, members = members_of(support)
    if pooling == "soft":
        return shot_scores(queries, shots, members)
    cosines = queries.astype(np.float64) @ shots.T
    if pooling == "nearest":
        return np.stack([cosines[:, rows].max(axis=1) for rows in members], axis=1)
    means = unit_rows(np.stack([shots[rows].mean(axis=0) for rows in members]))
    prototypes: Floats = queries.astype(np.float64) @ means.T
    return prototypes


def _normalised(
    steps: Steps,
    scores: Floats,
    queries: Matrix,
    shots: Matrix,
    cohort: Matrix,
    support: SupportSet,
) -> Floats:
    if steps.norm == "none" or not len(cohort):
        return scores
    by_query = (queries @ cohort.T).astype(np.float64)
    by_target = _pooled(steps.pooling, cohort, shots, support).T
    if steps.norm == "z":
        return z_norm(scores, *statistics(by_target, 1))
    if steps.norm == "t":
        return t_norm(scores, *statistics(by_query, 1))
    return as_norm(scores, by_query, by_target, NORM_TOP)
