"""Calls on galleries, their audit trail and their numbers."""

from __future__ import annotations

from datetime import datetime

from recognition.client.answers import AuditEntry, Gallery, Page, Quotas, Retention
from recognition.client.operation import Operation, given, nothing, one, page, path
from recognition.client.ordering import ByName, ByTime
from recognition.client.reading import as_object


def list_galleries(
    *,
    name: str | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    ordering: ByName | None = None,
    page_size: int | None = None,
) -> Operation[Page[Gallery]]:
    """The galleries that the caller may see, oldest first; ``name`` is part of it."""
    return Operation(
        method="GET",
        path=path("galleries"),
        params=given(
            name=name,
            created_after=created_after,
            created_before=created_before,
            ordering=ordering,
            page_size=page_size,
        ),
        parse=page(Gallery),
    )


def create_gallery(
    name: str,
    *,
    slug: str | None = None,
    description: str | None = None,
    target_far: float | None = None,
    review_references: bool | None = None,
    domain: str | None = None,
) -> Operation[Gallery]:
    """Make a gallery; ``target_far`` is the false-accept rate that its decisions aim for, and
    ``domain`` what it recognises: general, faces or drawings.
    """
    return Operation(
        method="POST",
        path=path("galleries"),
        json=given(
            name=name,
            slug=slug,
            description=description,
            target_far=target_far,
            review_references=review_references,
            domain=domain,
        ),
        parse=one(Gallery),
        creates=True,
    )


def get_gallery(gallery: str) -> Operation[Gallery]:
    """The gallery of this slug."""
    return Operation(method="GET", path=path("galleries", gallery), parse=one(Gallery))


def update_gallery(
    gallery: str,
    *,
    name: str | None = None,
    description: str | None = None,
    target_far: float | None = None,
    review_references: bool | None = None,
    retention: Retention | None = None,
) -> Operation[Gallery]:
    """Change what is given and leave the rest. With ``review_references``, references wait for an
    owner's approval before they are searchable; ``retention`` is what is kept of queries.
    """
    return Operation(
        method="PATCH",
        path=path("galleries", gallery),
        json=given(
            name=name,
            description=description,
            target_far=target_far,
            review_references=review_references,
            retention=None if retention is None else as_object(retention),
        ),
        parse=one(Gallery),
    )


def delete_gallery(gallery: str) -> Operation[None]:
    """Remove a gallery with everything in it."""
    return Operation(method="DELETE", path=path("galleries", gallery), parse=nothing)


def get_quotas(gallery: str) -> Operation[Quotas]:
    """What a gallery and its first owner hold, beside what they may hold; takes an owner."""
    return Operation(method="GET", path=path("galleries", gallery, "quotas"), parse=one(Quotas))


def list_audit(
    gallery: str,
    *,
    deed: str | None = None,
    kind: str | None = None,
    actor: str | None = None,
    ordering: ByTime | None = None,
    page_size: int | None = None,
) -> Operation[Page[AuditEntry]]:
    """Who did what to a gallery and to what it holds, newest first; takes an owner."""
    return Operation(
        method="GET",
        path=path("galleries", gallery, "audit"),
        params=given(
            deed=deed,
            kind=kind,
            actor=actor,
            ordering=ordering,
            page_size=page_size,
        ),
        parse=page(AuditEntry),
    )
