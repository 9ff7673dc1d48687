"""What a category lacks, in sentences: told to whoever looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recognition.core.errors import ImageError
from recognition.core.types import Domain
from recognition.images import open_image
from recognition.images.quality import image_warnings
from recognition.models import Category, Gallery, Reference
from recognition.services.curation.health import health_of

REFERENCES_LOOKED_AT = 24

SIZE_OF_THE_FILE = "tiny"
"""What a thumbnail says nothing about: it is small by itself."""


@dataclass(frozen=True, slots=True)
class Note:
    """``kind`` is ``warning`` or ``info``; ``reference`` is the photo that it is about."""

    kind: str
    detail: str
    reference: Reference | None = None


def category_health(*, gallery: Gallery, category: Category) -> list[Note]:
    """Note collisions, what another photo would do, and photos of poor quality."""
    notes = list(_told_apart(gallery, category))
    # Thumbnails show a photo's flaws, but are too small for what a domain looks at.
    return [*notes, *_quality(category)] if gallery.domain is Domain.GENERAL else notes


def _told_apart(gallery: Gallery, category: Category) -> Iterator[Note]:
    for health in health_of(gallery=gallery, categories=[category]):
        if health.collides and health.nearest:
            yield Note(
                "warning",
                f"It looks so much like “{health.nearest}” that the two are easily confused. Add "
                "photos that show what tells them apart, or merge them.",
            )
        elif health.wants_photo:
            near = f", first of all from “{health.nearest}”" if health.nearest else ""
            yield Note(
                "info", f"Another photo from another side would help to tell it apart{near}."
            )


def _quality(category: Category) -> Iterator[Note]:
    for reference in category.references.order_by("id")[:REFERENCES_LOOKED_AT]:
        try:
            with reference.thumbnail.open("rb") as file:
                image = open_image(file.read())
        except (FileNotFoundError, ImageError):
            continue
        for warning in image_warnings(image):
            if warning.code != SIZE_OF_THE_FILE:
                yield Note("warning", warning.detail, reference)
