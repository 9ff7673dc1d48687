"""Negatives of a gallery."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from recognition.core.errors import NegativeNotFound
from recognition.models import Gallery, Negative

A_PAGE = 60
MANY = 30


def negatives_of(gallery: Gallery) -> QuerySet[Negative]:
    return Negative.objects.filter(gallery=gallery)


def get_negative(gallery: Gallery, public_id: str) -> Negative:
    """Find a negative. Raises NegativeNotFound."""
    try:
        return negatives_of(gallery).get(public_id=public_id)
    except Negative.DoesNotExist:
        raise NegativeNotFound(
            f"The gallery {gallery.slug!r} has no negative {public_id!r}."
        ) from None


@dataclass(frozen=True, slots=True)
class NegativePage:
    """Some of a gallery's negatives, newest first; ``next`` is the page after it, if any."""

    total: int
    rows: list[Negative]
    next: int | None

    @property
    def many(self) -> bool:
        """Say whether the negatives would push what else the page shows out of sight."""
        return self.total >= MANY


def negative_page(gallery: Gallery, number: int) -> NegativePage:
    rows, start = negatives_of(gallery).order_by("-pk"), (number - 1) * A_PAGE
    total = rows.count()
    following = number + 1 if start + A_PAGE < total else None
    return NegativePage(total, list(rows[start : start + A_PAGE]), following)
