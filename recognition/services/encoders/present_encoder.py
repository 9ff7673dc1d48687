"""Doing something once more where the gallery got another encoder meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from recognition.core.errors import EncoderChanged, GalleryNotFound
from recognition.models import Gallery

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 3


def with_present_encoder(service: Callable[P, T]) -> Callable[P, T]:
    """Wrap a service that embeds and then compares or keeps: a switch of encoders in between makes
    it embed anew, so that nobody notices. It takes its ``gallery`` by keyword.
    """

    @wraps(service)
    def following(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(TRIES - 1):
            try:
                return service(*args, **kwargs)
            except EncoderChanged:
                _refresh(kwargs["gallery"])
        return service(*args, **kwargs)

    return following


def _refresh(gallery: Any) -> None:
    try:
        gallery.refresh_from_db(fields=["encoder", "generation", "token"])
    except Gallery.DoesNotExist:
        raise GalleryNotFound(f"The gallery {gallery.slug!r} has been deleted.") from None
