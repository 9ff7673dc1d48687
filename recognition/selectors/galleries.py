"""Which galleries a user may see, and what a member may do."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import OuterRef, QuerySet, Subquery

from recognition.core.errors import GalleryNotFound, PermissionRefused
from recognition.models import ApiKey, Category, Gallery, Membership, Reference, Role
from recognition.selectors.counting import count_of
from recognition.selectors.statement import Statement

Caller = User | AnonymousUser

COVERS = 4


def visible_galleries(user: Caller, *, key: ApiKey | None = None) -> QuerySet[Gallery]:
    """List the galleries that ``user`` is a member of; staff see all, a key those it is
    bound to.
    """
    if not isinstance(user, User):
        return Gallery.objects.none()
    return _galleries(*_bounds(user, key))


def _bounds(user: User, key: ApiKey | None) -> tuple[str | None, int | None]:
    """The key that a gallery must have been given to, and the member that it must have."""
    return (
        key.pk if key is not None and key.is_bound else None,
        None if user.is_staff else user.pk,
    )


def _galleries(key: str | None, member: int | None) -> QuerySet[Gallery]:
    galleries = Gallery.objects.select_related("encoder")
    if key is not None:
        galleries = galleries.filter(api_keys=key)
    return galleries if member is None else galleries.filter(memberships__user=member)


_called: Statement[Gallery] = Statement(lambda slug, *bounds: _galleries(*bounds).filter(slug=slug))


def gallery_summaries(user: Caller, *, key: ApiKey | None = None) -> QuerySet[Gallery]:
    """List ``visible_galleries`` with the counts that a list shows."""
    return visible_galleries(user, key=key).annotate(
        category_count=count_of(Category.objects.all(), "gallery"),
        reference_count=count_of(
            Reference.objects.filter(state=Reference.State.APPROVED), "gallery"
        ),
    )


def gallery_cards(user: Caller) -> list[dict[str, Any]]:
    """List the galleries of ``gallery_summaries`` for people: each with the public ids of its first
    references, to be pictured.
    """
    approved = Reference.objects.filter(gallery=OuterRef("pk"), state=Reference.State.APPROVED)
    first = approved.order_by("id").values("public_id")
    covers = {f"cover_{at}": Subquery(first[at : at + 1]) for at in range(COVERS)}
    return [
        {
            "gallery": gallery,
            "covers": [found for name in covers if (found := getattr(gallery, name))],
        }
        for gallery in gallery_summaries(user).annotate(**covers)
    ]


def get_gallery(user: Caller, slug: str, *, key: ApiKey | None = None) -> Gallery:
    """Find a gallery. Raises GalleryNotFound also where the gallery exists but is not the user's to
    see.
    """
    found = _called.first(slug, *_bounds(user, key)) if isinstance(user, User) else None
    if found is None:
        raise GalleryNotFound(f"There is no gallery {slug!r} that you may see.")
    return found


def get_gallery_unchecked(slug: str) -> Gallery:
    """Find a gallery for the operator at the machine itself, who may see all. Raises
    GalleryNotFound.
    """
    try:
        return Gallery.objects.select_related("encoder").get(slug=slug)
    except Gallery.DoesNotExist:
        raise GalleryNotFound(f"There is no gallery {slug!r}.") from None


def role_in(user: Caller, gallery: Gallery) -> Role | None:
    if not isinstance(user, User):
        return None
    if user.is_staff:
        return Role.OWNER
    membership = Membership.objects.filter(gallery=gallery, user=user).first()
    return Role(membership.role) if membership else None


def require_curator(user: Caller, gallery: Gallery) -> None:
    role = role_in(user, gallery)
    if role is None or not role.may_curate:
        raise PermissionRefused("Only an owner or a curator of this gallery may change it.")


def require_owner(user: Caller, gallery: Gallery) -> None:
    if role_in(user, gallery) is not Role.OWNER:
        raise PermissionRefused("Only an owner of this gallery may do that.")


def all_galleries() -> QuerySet[Gallery]:
    """List every gallery, for the operator at the machine itself and for upkeep."""
    return Gallery.objects.select_related("encoder")
