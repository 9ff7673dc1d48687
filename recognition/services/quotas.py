"""How much a user and a gallery may hold, so that one tenant leaves room for the others."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from django.contrib.auth.models import User
from django.db import models

from recognition.core.configuration import recognition_settings
from recognition.core.errors import QuotaExceeded
from recognition.models import Category, Gallery, Membership, Query, Reference, Role
from recognition.selectors.usage import bytes_of_gallery, bytes_of_user, first_owner

MEASURED_SECONDS = 30.0
"""A sum of bytes goes through every row, so it is made anew this often; between, what this process
adds is added. Several processes may together go beyond a quota by what they add meanwhile."""


LABELS = {
    "categories": "Categories",
    "references": "References",
    "queries": "Queries",
    "bytes": "Files",
    "owner_galleries": "The owner's galleries",
    "owner_bytes": "Files of these",
}
"""As the page says it."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How much there is of something, and how much there may be; a limit of 0 is none."""

    what: str
    used: int
    limit: int

    @property
    def is_bytes(self) -> bool:
        return self.what.endswith("bytes")

    @property
    def label(self) -> str:
        return LABELS[self.what]


def quotas_of(gallery: Gallery) -> list[Quota]:
    """List what a gallery holds, and its first owner, beside what the operator lets them hold."""
    settings, owner = recognition_settings(), first_owner(gallery)
    of_gallery = {"gallery": gallery}
    quotas = [
        Quota("categories", _count(Category, **of_gallery), settings.max_gallery_categories),
        Quota("references", _count(Reference, **of_gallery), settings.max_gallery_references),
        Quota("queries", _count(Query, **of_gallery), settings.max_gallery_queries),
        Quota("bytes", bytes_of_gallery(gallery), settings.max_gallery_bytes),
    ]
    if owner is not None:
        owned = _count(Membership, user=owner, role=Role.OWNER)
        quotas += [
            Quota("owner_galleries", owned, settings.max_user_galleries),
            Quota("owner_bytes", bytes_of_user(owner), settings.max_user_bytes),
        ]
    return quotas


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


def check_bytes(gallery: Gallery, new: int) -> None:
    """Raise QuotaExceeded where a gallery, or its first owner, has no room for files of so many
    bytes; else they are counted. Call it before the rows that name the files are written.
    """
    settings = recognition_settings()
    if limit := settings.max_gallery_bytes:
        used = _measured(("gallery", gallery.pk), lambda: bytes_of_gallery(gallery))
        used.add(new, limit, "A gallery keeps", "ONESHOT_MAX_GALLERY_BYTES")
    if limit := settings.max_user_bytes:
        owner = first_owner(gallery)
        if owner is not None:
            used = _measured(("user", owner.pk), lambda: bytes_of_user(owner))
            used.add(new, limit, "A user's galleries keep", "ONESHOT_MAX_USER_BYTES")


def check_room(*, categories: int, references: int) -> None:
    """Raise QuotaExceeded where so many are more than a gallery may have, before they are read."""
    settings = recognition_settings()
    for new, limit, what, setting in (
        (categories, settings.max_gallery_categories, "categories", "CATEGORIES"),
        (references, settings.max_gallery_references, "references", "REFERENCES"),
    ):
        if limit and new > limit:
            _refuse("A gallery has", limit, what, f"ONESHOT_MAX_GALLERY_{setting}")


@dataclass(slots=True)
class _Used:
    """Bytes that were measured, with what was added since, until they are measured anew."""

    bytes: int
    until: float

    def add(self, new: int, limit: int, has: str, setting: str) -> None:
        if self.bytes + new > limit:
            # What was removed meanwhile is seen at once by whoever was refused.
            self.until = 0.0
            _refuse(has, limit, "bytes of files", setting)
        self.bytes += new


_used: dict[tuple[str, int], _Used] = {}


def _measured(key: tuple[str, int], measure: Callable[[], int]) -> _Used:
    used = _used.get(key)
    if used is None or used.until < time.monotonic():
        used = _Used(measure(), time.monotonic() + MEASURED_SECONDS)
        _used[key] = used
    return used


def _count(model: type[models.Model], **of: object) -> int:
    return model._default_manager.filter(**of).order_by().count()


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
