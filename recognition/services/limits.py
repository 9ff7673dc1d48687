"""The operator's limits, as the engine takes them."""

from __future__ import annotations

from typing import Any

from django.core.files import File

from recognition.archives import ArchiveLimits
from recognition.core.configuration import recognition_settings
from recognition.core.errors import ImageTooLarge, InvalidInput
from recognition.core.rates import MAX_FAR, MIN_FAR
from recognition.images import ImageLimits


def checked_far(far: float | None) -> None:
    """Raise InvalidInput for a false-accept rate that makes no sense."""
    if far is not None and not MIN_FAR <= far <= MAX_FAR:
        raise InvalidInput(f"A false-accept rate is between {MIN_FAR:f} and {MAX_FAR}.")


def image_limits() -> ImageLimits:
    """Return how large an image the operator lets in."""
    settings = recognition_settings()
    return ImageLimits(
        max_bytes=settings.max_image_bytes,
        max_pixels=settings.max_image_pixels,
        max_request_pixels=settings.max_request_pixels,
        max_pixels_at_once=settings.max_decoding_pixels,
        wait_seconds=settings.encode_seconds,
    )


def check_image_bytes(size: int) -> None:
    """Raise ImageTooLarge for a file of more bytes than the operator lets in."""
    limit = recognition_settings().max_image_bytes
    if size > limit:
        raise ImageTooLarge(f"The image has more than {limit} bytes; choose a smaller one.")


def read_image_file(file: File[Any]) -> bytes:
    """Read an uploaded image from its start. Raises ImageTooLarge before any of it is read."""
    check_image_bytes(file.size or 0)
    file.seek(0)
    return bytes(file.read())


def archive_limits() -> ArchiveLimits:
    """Return how much an archive may unpack to: photos hardly shrink, so four times what may
    arrive.
    """
    settings = recognition_settings()
    return ArchiveLimits(
        max_entry_bytes=settings.max_image_bytes, max_total_bytes=4 * settings.max_archive_bytes
    )
