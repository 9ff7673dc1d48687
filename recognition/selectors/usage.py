"""Count the bytes that a gallery and a user hold."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet, Sum

from recognition.models import Gallery, Membership, Negative, Query, Reference, Role

KEPT = (Reference, Negative, Query)
"""What keeps files for as long as it lasts. An import's archive goes with its job."""


def bytes_of_gallery(gallery: Gallery) -> int:
    return _bytes(Q(gallery=gallery))


def bytes_of_user(user: User) -> int:
    """Sum what the galleries keep that a user owns, as their first owner."""
    return _bytes(Q(gallery__in=_owned_first(user)))


def first_owner(gallery: Gallery) -> User | None:
    """Return who has owned a gallery the longest: it counts among what they hold."""
    owners = Membership.objects.filter(gallery=gallery, role=Role.OWNER).select_related("user")
    first = owners.order_by("id").first()
    return first.user if first else None


def _owned_first(user: User) -> list[int]:
    owned = Membership.objects.filter(user=user, role=Role.OWNER).values("gallery")
    rows = Membership.objects.filter(gallery__in=owned, role=Role.OWNER).order_by("-id")
    first = dict(rows.values_list("gallery", "user"))
    return [gallery for gallery, owner in first.items() if owner == user.pk]


def _bytes(of: Q) -> int:
    sums = (_sum(model.objects.filter(of)) for model in KEPT)
    return sum(sums)


def _sum(rows: QuerySet[Any]) -> int:
    return rows.order_by().aggregate(sum=Sum("stored_bytes"))["sum"] or 0
