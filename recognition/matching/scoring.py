"""A query against categories, on one scale whatever speaks for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.core.arrays import Floats, unit_rows
from recognition.core.types import Ids, Matrix
from recognition.matching.background import Background
from recognition.matching.impostors import Impostors
from recognition.matching.neighbours import category_means
from recognition.matching.shots import members_of, pooled_scores
from recognition.matching.space import Space
from recognition.matching.support import SupportSet

TEXT_SHOTS = 1.0
"""How many shots a category's prompts are worth."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Normal scores of queries with categories ``(c,)``, each ``(queries, c)``; NaN where a
    category has no reference (``images``) or no prompt (``texts``).
    """

    categories: Ids
    fused: Floats
    images: Floats
    texts: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A support set as queries are compared with it: all that does not depend on the query.

    ``shots`` ``(s, d)`` are its references in the space, category after category: ``counts``
    ``(o,)`` of each of ``owners`` ``(o,)``. ``ensembles`` ``(t, d)`` are the texts of each of
    ``described`` ``(t,)``, with the mean and deviation of what chance images score with them.
    """

    support: SupportSet
    space: Space
    background: Background
    categories: Ids
    owners: Ids
    counts: NDArray[np.intp]
    shots: Matrix
    described: Ids
    ensembles: Matrix
    chance: tuple[Floats, Floats]

    @classmethod
    def of(cls, support: SupportSet, space: Space, background: Background) -> Prepared:
        references = support.references
        owners, members = members_of(references)
        order = np.concatenate([np.empty(0, np.intp), *members])
        described, ensembles = _ensembles(support.texts)
        return cls(
            support,
            space,
            background,
            np.unique(support.categories),
            owners,
            np.array([len(rows) for rows in members], np.intp),
            space(references.vectors[order]) if len(order) else references.vectors,
            described,
            ensembles,
            background.text_chance(ensembles) if len(described) else (np.empty(0), np.empty(0)),
        )


def category_scores(queries: Matrix, prepared: Prepared, impostors: Impostors) -> Scores:
    """Score ``queries`` ``(q, d)`` with every category of a support set.

    A normal score is exceeded by chance as often as a standard normal deviate, for images and
    texts alike, which is what lets them meet.
    """
    categories = prepared.categories
    images = _spread(categories, prepared.owners, _image_scores(queries, prepared, impostors))
    texts = _spread(categories, prepared.described, _text_scores(queries, prepared))
    shots = np.zeros(len(categories))
    shots[np.searchsorted(categories, prepared.owners)] = prepared.counts
    return Scores(categories, fuse(images, texts, shots), images, texts)


def fuse(images: Floats, texts: Floats, shots: Floats) -> Floats:
    """Return Stouffer's weighted sum of normal scores: text weighs as much as one shot.

    ``images`` and ``texts`` are ``(q, c)``, NaN where there are none; ``shots`` is ``(c,)``.
    """
    image_weight = np.where(np.isnan(images), 0.0, shots / (shots + TEXT_SHOTS))
    text_weight = np.where(np.isnan(texts), 0.0, TEXT_SHOTS / (shots + TEXT_SHOTS))
    total = image_weight * np.nan_to_num(images) + text_weight * np.nan_to_num(texts)
    norm = np.hypot(image_weight, text_weight)
    fused: Floats = total / np.where(norm > 0, norm, 1.0)
    return fused


def _image_scores(queries: Matrix, prepared: Prepared, impostors: Impostors) -> Floats:
    if not len(prepared.owners):
        return np.empty((len(queries), 0))
    scores = pooled_scores(prepared.space(queries), prepared.shots, prepared.counts)
    return impostors.normal_score(scores, prepared.owners)


def _text_scores(queries: Matrix, prepared: Prepared) -> Floats:
    if not len(prepared.described):
        return np.empty((len(queries), 0))
    background = prepared.background
    scores = background.text_scores(queries, prepared.ensembles, prepared.chance)
    return background.text_normal_scores(scores, len(prepared.owners))


def _ensembles(prompts: SupportSet) -> tuple[Ids, Matrix]:
    """A category's prompts are an ensemble: one mean embedding (Radford et al. 2021)."""
    if not len(prompts):
        return prompts.categories, prompts.vectors
    described, means = category_means(prompts.vectors, prompts.categories)
    return described, unit_rows(means)


def _spread(all_: Ids, some: Ids, scores: Floats) -> Floats:
    """Scores of some categories as columns of all of them."""
    wide = np.full((len(scores), len(all_)), np.nan)
    wide[:, np.searchsorted(all_, some)] = scores
    return wide
