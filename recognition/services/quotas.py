"""How much a user and a gallery may hold, so that one tenant leaves room for the others."""

from __future__ import annotations

from typing import NoReturn

from django.contrib.auth.models import User
from django.db import models

from recognition.core.configuration import recognition_settings
from recognition.core.errors import QuotaExceeded
from recognition.models import Category, Gallery, Membership, Query, Reference, Role


def check_galleries(owner: User) -> None:
    """Raise QuotaExceeded where a user owns as many galleries as one may."""
    limit = recognition_settings().max_user_galleries
    owned = Membership.objects.filter(user=owner, role=Role.OWNER)
    _check(owned, limit, 1, "A user owns", "galleries", "ONESHOT_MAX_USER_GALLERIES")


def check_categories(gallery: Gallery, new: int = 1) -> None:
    """Raise QuotaExceeded where a gallery has no room for so many new categories. Call it inside
    the transaction that locked the gallery.
    """
    limit = recognition_settings().max_gallery_categories
    found = Category.objects.filter(gallery=gallery)
    _check(found, limit, new, "A gallery has", "categories", "ONESHOT_MAX_GALLERY_CATEGORIES")


def check_references(gallery: Gallery, new: int = 1) -> None:
    """Raise QuotaExceeded where a gallery has no room for so many new references. Call it inside
    the transaction that locked the gallery.
    """
    limit = recognition_settings().max_gallery_references
    found = Reference.objects.filter(gallery=gallery)
    _check(found, limit, new, "A gallery has", "references", "ONESHOT_MAX_GALLERY_REFERENCES")


def check_queries(gallery: Gallery, new: int = 1) -> None:
    """Raise QuotaExceeded where a gallery has no room for so many new queries. Call it before a
    query is kept.
    """
    limit = recognition_settings().max_gallery_queries
    found = Query.objects.filter(gallery=gallery)
    _check(found, limit, new, "A gallery keeps", "queries", "ONESHOT_MAX_GALLERY_QUERIES")


def check_room(*, categories: int, references: int) -> None:
    """Raise QuotaExceeded where so many are more than a gallery may have, before they are read."""
    settings = recognition_settings()
    for new, limit, what, setting in (
        (categories, settings.max_gallery_categories, "categories", "CATEGORIES"),
        (references, settings.max_gallery_references, "references", "REFERENCES"),
    ):
        if limit and new > limit:
            _refuse("A gallery has", limit, what, f"ONESHOT_MAX_GALLERY_{setting}")


def _check(
    found: models.QuerySet[models.Model],
    limit: int,
    new: int,
    has: str,
    what: str,
    setting: str,
) -> None:
    """A limit of 0 is none, and costs no counting."""
    if limit and found.order_by().count() + new > limit:
        _refuse(has, limit, what, setting)


def _refuse(has: str, limit: int, what: str, setting: str) -> NoReturn:
    raise QuotaExceeded(f"{has} at most {limit} {what}; the operator can change {setting}.")
