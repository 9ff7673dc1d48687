"""How well a gallery's categories can be told apart, for a few of them at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recognition.index.protocol import Hit, Scope
from recognition.matching.advice import Advice, advise
from recognition.matching.enrolment import DUPLICATE, collision_limit
from recognition.matching.support import SupportSet
from recognition.models import Category, Gallery
from recognition.selectors.support import support_of
from recognition.services.gallery_model import current, fitted, is_fitted
from recognition.services.replicas import replica_of
from recognition.types import EvidenceKind

LOOKED_AT = 2000
"""References beyond which what they say takes longer than anybody waits for a page."""

NEIGHBOURS = 3


@dataclass(frozen=True, slots=True)
class Health:
    """``collides`` with ``nearest``: they are nearer than different things should be. Another
    photo of a category that ``wants_photo`` helps most."""

    category: Category
    nearest: Category | None
    collides: bool
    wants_photo: bool


def health_of(*, gallery: Gallery, categories: Sequence[Category]) -> list[Health]:
    """What is known of the categories that have references; nothing as long as the worker has not
    fitted a large gallery for the first time."""
    gallery = current(gallery)
    if not is_fitted(gallery):
        return []
    own = {category.pk: category for category in categories}
    shots = support_of(gallery, own).references
    if not len(shots) or len(shots) > LOOKED_AT:
        return []
    hits = replica_of(gallery).search_categories(
        shots.vectors, NEIGHBOURS, Scope(kind=EvidenceKind.REFERENCE)
    )
    around = own.keys() | {hit.category for found in hits for hit in found}
    model = fitted(gallery).model
    advice = [each for each in advise(model, support_of(gallery, around)) if each.category in own]
    twins = _twins(shots, hits)
    names = Category.objects.in_bulk([*(each.nearest or 0 for each in advice), *twins.values()])
    limit = collision_limit(model)
    return [
        _health(each, own[each.category], names, twins.get(each.category), limit) for each in advice
    ]


def _twins(shots: SupportSet, hits: list[list[Hit]]) -> dict[int, int]:
    """Categories that have a photo in common with another."""
    return {
        int(category): hit.category
        for category, found in zip(shots.categories, hits, strict=True)
        for hit in found
        if hit.category != category and hit.similarity >= DUPLICATE
    }


def _health(
    advice: Advice,
    category: Category,
    names: dict[int, Category],
    twin: int | None,
    limit: float | None,
) -> Health:
    nearest = names.get(twin or advice.nearest or 0)
    alike = twin is not None or (limit is not None and advice.score >= limit)
    collides = nearest is not None and alike
    return Health(category, nearest, collides, advice.wants_photo)
