"""A query against categories, on one scale whatever speaks for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recognition.matching.arrays import Floats, unit_rows
from recognition.matching.background import Background
from recognition.matching.impostors import Impostors
from recognition.matching.neighbours import category_means
from recognition.matching.shots import members_of, shot_scores
from recognition.matching.space import Space
from recognition.matching.support import SupportSet
from recognition.types import Ids, Matrix

TEXT_SHOTS = 1.0
"""How many shots a category's prompts are worth."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Normal scores of queries with categories ``(c,)``, each ``(queries, c)``; NaN where a
    category has no reference (``images``) or no prompt (``texts``)."""

    categories: Ids
    fused: Floats
    images: Floats
    texts: Floats


def category_scores(
    queries: Matrix,
    support: SupportSet,
    *,
    space: Space,
    impostors: Impostors,
    background: Background,
) -> Scores:
    """Score ``queries`` ``(q, d)`` with every category of ``support``.

    A normal score is exceeded by chance as often as a standard normal deviate, for images and
    texts alike, which is what lets them meet.
    """
    references, prompts = support.references, support.texts
    categories = np.unique(support.categories)
    images, counts = _spread(categories, *_image_scores(queries, references, space, impostors))
    texts, _ = _spread(categories, *_text_scores(queries, prompts, background))
    return Scores(categories, fuse(images, texts, counts), images, texts)


def fuse(images: Floats, texts: Floats, shots: Floats) -> Floats:
    """Stouffer's weighted sum of normal scores: text weighs as much as one shot.

    ``images`` and ``texts`` are ``(q, c)``, NaN where there are none; ``shots`` is ``(c,)``.
    """
    image_weight = np.where(np.isnan(images), 0.0, shots / (shots + TEXT_SHOTS))
    text_weight = np.where(np.isnan(texts), 0.0, TEXT_SHOTS / (shots + TEXT_SHOTS))
    total = image_weight * np.nan_to_num(images) + text_weight * np.nan_to_num(texts)
    norm = np.hypot(image_weight, text_weight)
    fused: Floats = total / np.where(norm > 0, norm, 1.0)
    return fused


def _image_scores(
    queries: Matrix, references: SupportSet, space: Space, impostors: Impostors
) -> tuple[Ids, Floats, Floats]:
    categories, members = members_of(references)
    if not len(categories):
        return categories, np.empty((len(queries), 0)), np.empty(0)
    scores = shot_scores(space(queries), space(references.vectors), members)
    counts = np.array([len(m) for m in members], float)
    return categories, impostors.normal_score(scores, categories), counts


def _text_scores(
    queries: Matrix, prompts: SupportSet, background: Background
) -> tuple[Ids, Floats, Floats]:
    """A category's prompts are an ensemble: one mean embedding (Radford et al. 2021)."""
    categories, counts = np.unique(prompts.categories, return_counts=True)
    if not len(categories):
        return categories, np.empty((len(queries), 0)), np.empty(0)
    ensembles = unit_rows(category_means(prompts.vectors, prompts.categories)[1])
    scores = background.texts.normal_score(background.text_scores(queries, ensembles))
    return categories, scores, counts.astype(float)


def _spread(all_: Ids, some: Ids, scores: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Scores and counts of some categories as columns of all of them."""
    wide = np.full((len(scores), len(all_)), np.nan)
    shots = np.zeros(len(all_))
    columns = np.searchsorted(all_, some)
    wide[:, columns] = scores
    shots[columns] = counts
    return wide, shots
