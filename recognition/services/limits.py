from __future__ import annotations

from recognition.conf import recognition_settings
from recognition.images import ImageLimits


def image_limits() -> ImageLimits:
    """How large an image the operator lets in."""
    settings = recognition_settings()
    return ImageLimits(max_bytes=settings.max_image_bytes, max_pixels=settings.max_image_pixels)
