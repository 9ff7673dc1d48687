"""Negatives: photos of things that a gallery does not hold."""

from __future__ import annotations

from datetime import datetime

from recognition.client.answers import AddedNegatives, Negative, Page
from recognition.client.operation import Operation, given, nothing, one, page, path
from recognition.client.ordering import ByMaking
from recognition.client.uploads import File, Upload


def add_negatives(
    gallery: str, *images: File, force: bool | None = None
) -> Operation[AddedNegatives]:
    """Give up to 100 photos of things that are not in the gallery: it learns from them what chance
    looks like, and never recognises them.

    What looks like something enrolled is kept only with ``force``.
    """
    if not images:
        raise ValueError("Give at least one image.")
    return Operation(
        method="POST",
        path=path("galleries", gallery, "negatives"),
        form=given(force=force),
        uploads=tuple(Upload("image", image) for image in images),
        parse=one(AddedNegatives),
        creates=True,
    )


def list_negatives(
    gallery: str,
    *,
    sha256: str | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    ordering: ByMaking | None = None,
    page_size: int | None = None,
) -> Operation[Page[Negative]]:
    """The photos of other things that a gallery knows, oldest first."""
    return Operation(
        method="GET",
        path=path("galleries", gallery, "negatives"),
        params=given(
            sha256=sha256,
            created_after=created_after,
            created_before=created_before,
            ordering=ordering,
            page_size=page_size,
        ),
        parse=page(Negative),
    )


def delete_negative(gallery: str, negative: str) -> Operation[None]:
    """Remove a photo of something else, with its embedding."""
    return Operation(
        method="DELETE", path=path("galleries", gallery, "negatives", negative), parse=nothing
    )


def delete_negatives(gallery: str) -> Operation[None]:
    """Remove all of them."""
    return Operation(method="DELETE", path=path("galleries", gallery, "negatives"), parse=nothing)
