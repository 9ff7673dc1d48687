"""Check a photo before it is enrolled; nothing of it is kept."""

from __future__ import annotations

import hashlib

from recognition.core.types import QualityWarning
from recognition.images import read_image
from recognition.models import Category, Gallery, Reference
from recognition.services.encoders.gallery_encoders import encoder_of
from recognition.services.encoders.present_encoder import with_present_encoder
from recognition.services.limits import image_limits
from recognition.services.references.enrol import advice_for, same_region
from recognition.services.references.photo_files import twins_of


@with_present_encoder
def check_photo(
    *, gallery: Gallery, data: bytes, category: Category | None = None
) -> tuple[QualityWarning, ...]:
    """Return the warnings that ``enrol`` would give the photo as a reference of ``category``, by
    default of a new one: flaws, duplicates, collisions. Raises ImageError.
    """
    opened = read_image(data, limits=image_limits())
    [vector] = encoder_of(gallery).encode_images([opened.image])
    photo = Reference(gallery=gallery, sha256=hashlib.sha256(data).hexdigest())
    known = advice_for(gallery).warnings(category, opened.image, vector)
    return (*opened.warnings, *same_region(photo, twins_of(gallery, photo)), *known)
