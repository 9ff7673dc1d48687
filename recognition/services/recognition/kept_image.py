"""The image that was kept of a query."""

from __future__ import annotations

from recognition.core.errors import ImageNotKept
from recognition.models import Query


def kept_image(query: Query) -> bytes:
    """Read the bytes of a query's image. Raises ImageNotKept where its gallery keeps none."""
    if not query.image:
        raise ImageNotKept("The image of this query was not kept, so it cannot become a reference.")
    try:
        with query.image.open("rb") as file:
            return bytes(file.read())
    except FileNotFoundError:
        raise ImageNotKept("The image of this query has been deleted meanwhile.") from None
