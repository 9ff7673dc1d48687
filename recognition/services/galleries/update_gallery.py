"""Change a gallery's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from recognition.core.errors import GalleryNotFound, InvalidInput
from recognition.core.texts import checked_description, checked_gallery_name
from recognition.index.kinds import IndexKind
from recognition.models import AuditAction, Gallery
from recognition.models.gallery import MAX_QUERY_DAYS
from recognition.services.audit.trail import record
from recognition.services.limits import checked_far


@dataclass(frozen=True, slots=True)
class Retention:
    """The time for which queries are kept, in days, None for ever, and whether their images are."""

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
    is. Raises InvalidInput, GalleryNotFound.
    """
    checked_far(target_far)
    given = {
        "name": None if name is None else checked_gallery_name(name),
        "description": None if description is None else checked_description(description),
        "target_far": target_far,
        "review_references": review_references,
        "index_kind": None if index_kind is None else _checked_kind(index_kind),
    }
    wanted: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
    if retention is not None:
        wanted["query_days"] = _checked_days(retention.query_days)
        wanted["query_images"] = retention.query_images
    _save(gallery, wanted)
    return gallery


@transaction.atomic
def _save(gallery: Gallery, wanted: Mapping[str, Any]) -> None:
    """Save the wanted fields; the others stay as somebody else may have left them meanwhile."""
    among = Gallery.objects.filter(pk=gallery.pk)
    before = among.select_for_update().values(*wanted).first()
    if before is None:
        raise GalleryNotFound(f"The gallery {gallery.slug!r} has been deleted.")
    changed = {field: value for field, value in wanted.items() if value != before[field]}
    for field, value in wanted.items():
        setattr(gallery, field, value)
    if changed:
        among.update(**changed)
        record(AuditAction.CHANGE, gallery, gallery=gallery, **changed)


def _checked_kind(kind: str) -> str:
    if kind and kind not in set(IndexKind):
        raise InvalidInput(f"An index is {', '.join(IndexKind)}, or empty for what its size asks.")
    return kind


def _checked_days(days: int | None) -> int | None:
    if days is not None and not 1 <= days <= MAX_QUERY_DAYS:
        raise InvalidInput(f"Queries are kept for 1 to {MAX_QUERY_DAYS} days, or for ever.")
    return days
