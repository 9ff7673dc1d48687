"""How well a gallery's categories can be told apart, for a few of them at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from recognition.matching.advice.advice import Advice, advise
from recognition.matching.advice.enrolment import DUPLICATE, collision_limit
from recognition.matching.model import GalleryModel
from recognition.matching.support import SupportSet
from recognition.models import Category, Gallery, ReferenceMeasure
from recognition.services.matching.gallery_model import current, fitted, is_small


@dataclass(frozen=True, slots=True)
class Health:
    """``collides`` with ``nearest``: they are nearer than different things should be. Another
    photo of a category that ``wants_photo`` helps most.
    """

    category: Category
    nearest: Category | None
    collides: bool
    wants_photo: bool


def health_of(*, gallery: Gallery, categories: Sequence[Category]) -> list[Health]:
    """Return what is to be said of the categories: of a small gallery's as they are now, of a large
    one's as the worker has measured their references.
    """
    gallery = current(gallery)
    own = {category.pk: category for category in categories}
    known = fitted(gallery) if is_small(gallery) else None
    if known is None or known.support is None:
        return list(_as_measured(own))
    return list(_now(known.model, known.support, own))


def _as_measured(own: dict[int, Category]) -> Iterator[Health]:
    measures = (
        ReferenceMeasure.objects.filter(reference__category__in=own)
        .filter(Q(collides=True) | Q(wants_photo=True))
        .select_related("nearest", "reference")
        .order_by("collides", "nearest_similarity")
    )
    worst = {measure.reference.category_id: measure for measure in measures}
    for category, measure in worst.items():
        yield Health(own[category], measure.nearest, measure.collides, measure.wants_photo)


def _now(model: GalleryModel, support: SupportSet, own: dict[int, Category]) -> Iterator[Health]:
    twins, limit = _twins(support.references), collision_limit(model)
    advice = [each for each in advise(model, support) if each.category in own]
    names = Category.objects.in_bulk([*(each.nearest or 0 for each in advice), *twins.values()])
    for each in advice:
        yield _health(each, own[each.category], names, twins.get(each.category), limit)


def _twins(shots: SupportSet) -> dict[int, int]:
    """Categories that have a photo in common with another."""
    alike = shots.vectors @ shots.vectors.T >= DUPLICATE
    apart = shots.categories[:, None] != shots.categories[None]
    rows, columns = (alike & apart).nonzero()
    return dict(
        zip(shots.categories[rows].tolist(), shots.categories[columns].tolist(), strict=True)
    )


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
