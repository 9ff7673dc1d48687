"""The operator's limits, as the engine takes them."""

from __future__ import annotations

from recognition.archives import ArchiveLimits
from recognition.core.configuration import recognition_settings
from recognition.core.errors import InvalidInput
from recognition.core.rates import MAX_FAR, MIN_FAR
from recognition.images import ImageLimits


def checked_far(far: float | None) -> None:
    """Raises InvalidInput for a false-accept rate that makes no sense."""
    if far is not None and not MIN_FAR <= far <= MAX_FAR:
        raise InvalidInput(f"A false-accept rate is between {MIN_FAR:f} and {MAX_FAR}.")


def image_limits() -> ImageLimits:
    """How large an image the operator lets in."""
    settings = recognition_settings()
    return ImageLimits(
        max_bytes=settings.max_image_bytes,
        max_pixels=settings.max_image_pixels,
        max_request_pixels=settings.max_request_pixels,
        max_pixels_at_once=settings.max_decoding_pixels,
        wait_seconds=settings.encode_seconds,
    )


def archive_limits() -> ArchiveLimits:
    """How much an archive may unpack to: photos hardly shrink, so four times what may arrive."""
    settings = recognition_settings()
    return ArchiveLimits(
        max_entry_bytes=settings.max_image_bytes, max_total_bytes=4 * settings.max_archive_bytes
    )
