"""What a curator should know of a reference or prompt before relying on it."""

from __future__ import annotations

import numpy as np
from scipy import special

from recognition.core.types import EvidenceKind, Matrix, QualityWarning, Vector
from recognition.matching.background import Background
from recognition.matching.model import GalleryModel
from recognition.matching.support import SupportSet

DUPLICATE = 0.995
"""Cosine from which two photos are taken for one."""

COLLISION_FAR = 0.001
"""How seldom two different things look so alike, by the gallery's own measure."""

FAMILIAR_SHARE = 0.01
TEXT_SHARE = 0.99


def enrolment_warnings(
    model: GalleryModel,
    support: SupportSet,
    *,
    vector: Vector,
    category: int,
    kind: EvidenceKind,
) -> tuple[QualityWarning, ...]:
    """Return warnings of a new reference or prompt ``vector`` ``(d,)`` of ``category``.

    ``support`` is what it is compared with, itself left out: all of a small gallery, its nearest
    neighbours of a large one. Codes: ``duplicate``, ``collision``, ``out_of_distribution``,
    ``indistinguishable_prompt``.
    """
    if kind is EvidenceKind.PROMPT:
        return _prompt_warnings(model.background, support.texts, vector, category)
    references = support.references
    return (
        *_duplicate(references, vector, category),
        *_collision(model, references, vector, category),
        *familiarity_warnings(model.background, vector),
    )


def familiarity_warnings(background: Background, vector: Vector) -> tuple[QualityWarning, ...]:
    """Return the warning ``out_of_distribution`` for an image, a reference or a query ``(d,)``,
    that is farther from every cohort image than these are from images of other things.
    """
    usual = _usual_nearness(background.cohort.images)
    if usual is None:
        return ()
    nearest = float((background.cohort.images @ vector).max())
    if nearest >= usual:
        return ()
    detail = (
        f"It resembles nothing that the encoder is known to see well: {nearest:.2f} to the nearest,"
        f" where {usual:.2f} is little. One look may not be enough."
    )
    return (QualityWarning("out_of_distribution", detail),)


def collision_limit(model: GalleryModel) -> float | None:
    """Return the normal score from which two categories are taken to collide; None where the
    gallery has no impostor scores to say so.
    """
    if not model.impostors.size:
        return None
    return -float(special.ndtri(COLLISION_FAR / max(model.categories, 1)))


def _duplicate(references: SupportSet, vector: Vector, category: int) -> tuple[QualityWarning, ...]:
    same = references.vectors[references.categories == category] @ vector
    if not len(same) or same.max() < DUPLICATE:
        return ()
    detail = f"This category already has this photo, or nearly: similarity {same.max():.3f}."
    return (QualityWarning("duplicate", detail),)


def _collision(
    model: GalleryModel, references: SupportSet, vector: Vector, category: int
) -> tuple[QualityWarning, ...]:
    others = references.take(references.categories != category)
    if not len(others):
        return ()
    similarities = others.vectors @ vector
    scores = model.impostors.normal_score(
        model.space(others.vectors) @ model.space(vector[None])[0]
    )
    nearest = int(np.lexsort((others.ids, -scores))[0])
    exact = float(similarities.max()) >= DUPLICATE
    limit = collision_limit(model)
    if not exact and (limit is None or scores[nearest] < limit):
        return ()
    if exact:
        nearest = int(similarities.argmax())
    detail = (
        "It is nearly the same as a reference of {about}: "
        f"similarity {similarities[nearest]:.3f}."
    )
    return (QualityWarning("collision", detail, int(others.categories[nearest])),)


def _prompt_warnings(
    background: Background, prompts: SupportSet, vector: Vector, category: int
) -> tuple[QualityWarning, ...]:
    others = prompts.take(prompts.categories != category)
    if not len(others):
        return ()
    similarities = others.vectors @ vector
    nearest = int(similarities.argmax())
    if similarities[nearest] < _indistinct(background.cohort.texts):
        return ()
    detail = (
        "The encoder cannot tell it from a prompt of {about}: "
        f"similarity {similarities[nearest]:.3f}."
    )
    return (QualityWarning("indistinguishable_prompt", detail, int(others.categories[nearest])),)


def _indistinct(texts: Matrix) -> float:
    """The similarity that only one name in a hundred has with its nearest."""
    if len(texts) < 2:
        return DUPLICATE
    similarities = texts @ texts.T
    np.fill_diagonal(similarities, -1.0)
    return min(float(np.quantile(similarities.max(axis=1), TEXT_SHARE)), DUPLICATE)


def _usual_nearness(images: Matrix) -> float | None:
    """The nearest similarity to another that all but one image in a hundred have.

    Parts of one photo are no others: an image's six nearest are left out.
    """
    if len(images) <= 12:
        return None
    ordered = np.sort(images @ images.T, axis=1)
    return float(np.quantile(ordered[:, -7], FAMILIAR_SHARE))
