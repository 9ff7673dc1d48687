"""Calls on references."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from recognition.client.answers import Enrolment, Page, Reference
from recognition.client.boxes import BoxGiven, box_text
from recognition.client.operation import Operation, given, nothing, one, page, path
from recognition.client.ordering import ByMaking
from recognition.client.uploads import File, Upload

ReferenceState = Literal["approved", "pending"]


def enrol(
    gallery: str,
    image: File,
    *,
    category: str,
    create: bool = False,
    external_id: str | None = None,
    box: BoxGiven | None = None,
) -> Operation[Enrolment]:
    """Add one example image to a category; it is searchable when this returns, unless its
    ``state`` says that it waits for an owner's approval.

    ``category`` is a slug or external id; one that does not exist is made with ``create``. ``box``
    is the part of the image that shows it: x, y, width and height in pixels of the upright image.
    """
    return Operation(
        method="POST",
        path=path("galleries", gallery, "references"),
        form=given(category=category, create=create, external_id=external_id, box=box_text(box)),
        uploads=(Upload("image", image),),
        parse=one(Enrolment),
        creates=True,
    )


def list_references(
    gallery: str,
    *,
    category: str | None = None,
    state: ReferenceState | None = None,
    external_id: str | None = None,
    sha256: str | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    ordering: ByMaking | None = None,
    page_size: int | None = None,
) -> Operation[Page[Reference]]:
    """The references of a gallery, oldest first, of one ``category`` or ``state`` if given.

    ``created_after`` is the first moment of the time meant and ``created_before`` the first after
    it, both with a zone; ``sha256`` is of the bytes that were uploaded.
    """
    return Operation(
        method="GET",
        path=path("galleries", gallery, "references"),
        params=given(
            category=category,
            state=state,
            external_id=external_id,
            sha256=sha256,
            created_after=created_after,
            created_before=created_before,
            ordering=ordering,
            page_size=page_size,
        ),
        parse=page(Reference),
    )


def get_reference(gallery: str, reference: str) -> Operation[Reference]:
    """The reference of this id."""
    return Operation(
        method="GET",
        path=path("galleries", gallery, "references", reference),
        parse=one(Reference),
    )


def approve_reference(gallery: str, reference: str) -> Operation[Reference]:
    """Make a reference that waits searchable; takes an owner."""
    return Operation(
        method="POST",
        path=path("galleries", gallery, "references", reference, "approve"),
        parse=one(Reference),
    )


def reject_reference(gallery: str, reference: str) -> Operation[None]:
    """Remove a reference that waits; takes an owner."""
    return Operation(
        method="POST",
        path=path("galleries", gallery, "references", reference, "reject"),
        parse=nothing,
    )


def delete_reference(gallery: str, reference: str) -> Operation[None]:
    """Remove a reference, with its image and its embedding."""
    return Operation(
        method="DELETE", path=path("galleries", gallery, "references", reference), parse=nothing
    )
