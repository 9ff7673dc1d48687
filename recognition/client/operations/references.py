from __future__ import annotations

from recognition.client.answers import Enrolment, Page, Reference
from recognition.client.operation import Operation, given, nothing, one, page, path
from recognition.client.uploads import File, Upload


def enrol(
    gallery: str,
    image: File,
    *,
    category: str,
    create: bool = False,
    external_id: str | None = None,
) -> Operation[Enrolment]:
    """Add one example image to a category; it is searchable when this returns, unless its
    ``state`` says that it waits for an owner's approval.

    ``category`` is a slug or external id; one that does not exist is made with ``create``.
    """
    return Operation(
        method="POST",
        path=path("galleries", gallery, "references"),
        form=given(category=category, create=create, external_id=external_id),
        uploads=(Upload("image", image),),
        parse=one(Enrolment),
        creates=True,
    )


def list_references(gallery: str, *, page_size: int | None = None) -> Operation[Page[Reference]]:
    """Every reference of a gallery, oldest first."""
    return Operation(
        method="GET",
        path=path("galleries", gallery, "references"),
        params=given(page_size=page_size),
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
