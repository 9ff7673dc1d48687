from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from recognition.errors import GalleryNotFound, InvalidInput
from recognition.index.kinds import IndexKind
from recognition.models import Deed, Gallery
from recognition.models.gallery import MAX_QUERY_DAYS
from recognition.services.audit import record
from recognition.services.limits import checked_far

FIELDS = (
    "name",
    "description",
    "target_far",
    "review_references",
    "query_days",
    "query_images",
    "index_kind",
)


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days queries are kept, None for ever, and whether their images are."""

    query_days: int | None
    query_images: bool


def update_gallery(
    *,
    gallery: Gallery,
    name: str | None = None,
    description: str | None = None,
    target_far: float | None = None,
    review_references: bool | None = None,
    retention: Retention | None = None,
    index_kind: str | None = None,
) -> Gallery:
    """Change what is said of a gallery, how strictly it decides, how long it remembers and how its
    vectors are kept: an ``IndexKind``, or "" for the one that its size asks for. None leaves as it
    is. Raises InvalidInput, GalleryNotFound."""
    if name is not None:
        if not name.strip():
            raise InvalidInput("A gallery needs a name.")
        gallery.name = name.strip()
    if description is not None:
        gallery.description = description
    checked_far(target_far)
    if target_far is not None:
        gallery.target_far = target_far
    if review_references is not None:
        gallery.review_references = review_references
    if retention is not None:
        gallery.query_days = _checked_days(retention.query_days)
        gallery.query_images = retention.query_images
    if index_kind is not None:
        gallery.index_kind = _checked_kind(index_kind)
    _save(gallery)
    return gallery


@transaction.atomic
def _save(gallery: Gallery) -> None:
    among = Gallery.objects.filter(pk=gallery.pk)
    before = among.select_for_update().values(*FIELDS).first()
    if before is None:
        raise GalleryNotFound(f"The gallery {gallery.slug!r} has been deleted.")
    changed = {
        field: getattr(gallery, field)
        for field in FIELDS
        if getattr(gallery, field) != before[field]
    }
    if changed:
        among.update(**changed)
        record(Deed.CHANGE, gallery, gallery=gallery, **changed)


def _checked_kind(kind: str) -> str:
    if kind and kind not in set(IndexKind):
        raise InvalidInput(f"An index is {', '.join(IndexKind)}, or empty for what its size asks.")
    return kind


def _checked_days(days: int | None) -> int | None:
    if days is not None and not 1 <= days <= MAX_QUERY_DAYS:
        raise InvalidInput(f"Queries are kept for 1 to {MAX_QUERY_DAYS} days, or for ever.")
    return days
