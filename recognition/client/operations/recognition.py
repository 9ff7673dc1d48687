"""Calls that ask about images and texts."""

from __future__ import annotations

from collections.abc import Sequence

from recognition.client.answers import (
    Classification,
    Embedding,
    Identification,
    SearchResults,
    Verification,
)
from recognition.client.boxes import BoxGiven, Regions, box_text
from recognition.client.operation import Operation, given, one, path
from recognition.client.uploads import File, Upload


def identify(
    gallery: str,
    *images: File,
    top_k: int | None = None,
    far: float | None = None,
    explain: bool | None = None,
    box: BoxGiven | None = None,
    regions: Regions | None = None,
) -> Operation[Identification]:
    """What is this? Several images are views of one thing and get one answer.

    ``box`` is the part of the image that is meant; ``regions`` "all" asks for whatever is found in
    it, each by itself: the answer's ``regions``.

    ``far`` is the false-accept rate to decide at instead of the gallery's, from 1e-6
    to 0.5. With ``explain`` the answer has an ``explanation``.
    """
    if not images:
        raise ValueError("Give at least one image.")
    return Operation(
        method="POST",
        path=path("galleries", gallery, "identify"),
        form=given(top_k=top_k, far=far, explain=explain, box=box_text(box), regions=regions),
        uploads=tuple(Upload("image", image) for image in images),
        parse=one(Identification),
    )


def verify(
    gallery: str,
    image: File,
    *,
    category: str,
    far: float | None = None,
    box: BoxGiven | None = None,
    regions: Regions | None = None,
) -> Operation[Verification]:
    """Is this the category that it claims to be? ``far``, ``box`` and ``regions`` are as in
    ``identify``; with all regions, whether any of them is.
    """
    return Operation(
        method="POST",
        path=path("galleries", gallery, "verify"),
        form=given(category=category, far=far, box=box_text(box), regions=regions),
        uploads=(Upload("image", image),),
        parse=one(Verification),
    )


def search(
    gallery: str,
    image: File | None = None,
    *,
    text: str | None = None,
    limit: int | None = None,
    categories: Sequence[str] | None = None,
    box: BoxGiven | None = None,
    regions: Regions | None = None,
) -> Operation[SearchResults]:
    """The references nearest to an image or to a text, within ``categories`` if given; ``box`` and
    ``regions`` are as in ``identify``.
    """
    within = None if categories is None else list(categories)
    return Operation(
        method="POST",
        path=path("galleries", gallery, "search"),
        form=given(text=text, limit=limit, categories=within, box=box_text(box), regions=regions),
        uploads=_either(image, text),
        parse=one(SearchResults),
    )


def classify(image: File, labels: Sequence[str]) -> Operation[Classification]:
    """How well each label describes the image; nothing is enrolled."""
    return Operation(
        method="POST",
        path=path("classify"),
        form={"labels": list(labels)},
        uploads=(Upload("image", image),),
        parse=one(Classification),
    )


def embed(
    image: File | None = None,
    *,
    text: str | None = None,
    box: BoxGiven | None = None,
    regions: Regions | None = None,
) -> Operation[Embedding]:
    """The embedding of an image or of a text, by the service's default encoder; ``box`` and
    ``regions`` are as in ``identify``.
    """
    return Operation(
        method="POST",
        path=path("embed"),
        form=given(text=text, box=box_text(box), regions=regions),
        uploads=_either(image, text),
        parse=one(Embedding),
    )


def _either(image: File | None, text: str | None) -> tuple[Upload, ...]:
    if (image is None) == (text is None):
        raise ValueError("Give either an image or a text.")
    return () if image is None else (Upload("image", image),)
