"""References as regions of the photos that were kept of them."""

from __future__ import annotations

from PIL import Image

from recognition.core.regions import Box
from recognition.core.types import Domain
from recognition.images import open_image, thumbnail
from recognition.images.regions import PhotoRegion, region_of
from recognition.models import Query, Reference
from recognition.services.limits import image_limits

AROUND = {Domain.FACES: 0.35, Domain.DRAWINGS: 0.08}
"""Of a region's long side, what its picture shows around it: hair and chin, or some paper."""


def region_of_reference(reference: Reference) -> PhotoRegion:
    """Open the photo of a reference, at the region that it is. Raises OSError, ImageError."""
    with reference.image.open("rb") as file:
        photo = open_image(file.read(), limits=image_limits())
    return region_of(photo, reference.box, (reference.width, reference.height))


def region_of_query(query: Query, data: bytes) -> PhotoRegion:
    """Open the kept photo ``data`` of a query, at the region that it is. Raises ImageError."""
    return PhotoRegion(open_image(data, limits=image_limits()), query.box)


def thumbnail_of(photo: Image.Image, box: Box | None, domain: Domain) -> bytes:
    """Make the small picture of a region, with some of what is around it."""
    return thumbnail(PhotoRegion(photo, box).cut(AROUND.get(domain, 0.0)))
