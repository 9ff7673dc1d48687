"""What is refused before a pixel is decoded, since decoding is what costs."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from recognition.core.errors import EmptyImage, ImageError, ImageTooLarge, TooManyPixels
from recognition.images.jpeg import scans

MAX_JPEG_SCANS = 100
TILE_WIDTH, TILE_LENGTH = 322, 323


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """The largest image let in: bytes of the file, pixels, and long side over short side.

    The ratio is bounded because an encoder scales the short side to its input size, which would
    blow a one-pixel-high image up to gigabytes. Pillow's own decompression bomb limit, of about
    179 million pixels, stays in force above ``max_pixels``.
    """

    max_bytes: int = 15_000_000
    max_pixels: int = 50_000_000
    max_ratio: int = 50
    max_request_pixels: int = 200_000_000
    """Of all images of one request."""
    max_pixels_at_once: int = 64_000_000
    """Decoded at a time in a process: at its peak, a pixel takes some 12 bytes."""
    wait_seconds: float = 30.0
    """How long an image may wait for room among them."""


def check_bytes(data: bytes, limits: ImageLimits) -> None:
    if not data:
        raise EmptyImage("The file is empty. Choose an image and upload it again.")
    if len(data) > limits.max_bytes:
        raise ImageTooLarge(
            f"The file has {len(data) / 1e6:.1f} MB; at most {limits.max_bytes / 1e6:g} MB are "
            "accepted. Save it smaller or with a lower quality."
        )


def check_dimensions(image: Image.Image, limits: ImageLimits) -> None:
    """Refuse by the size that the header declares, and by what decoding it would take."""
    check_size(image.size, limits)
    # A TIFF is decoded by whole tiles, which may be far larger than the image they hold.
    tags = getattr(image, "tag_v2", {})
    if tags.get(TILE_WIDTH, 1) * tags.get(TILE_LENGTH, 1) > limits.max_pixels:
        raise too_many_pixels(limits, f"tiles of {tags[TILE_WIDTH]} x {tags[TILE_LENGTH]} pixels")


def check_size(size: tuple[int, int], limits: ImageLimits) -> None:
    width, height = size
    if width * height > limits.max_pixels:
        raise too_many_pixels(limits, f"{width} x {height} pixels")
    if max(width, height) > limits.max_ratio * min(width, height):
        raise ImageError(
            f"The image is {width} x {height} pixels, too narrow to recognise anything in: the "
            f"long side may be {limits.max_ratio} times the short side. Crop it."
        )


def check_scans(data: bytes) -> None:
    """Refuse a progressive JPEG whose many scans make a small file slow to decode.

    libjpeg passes over the whole image for each scan; encoders write about ten. What lies behind
    the picture, such as a motion photo's film, is not looked at.
    """
    if scans(data) > MAX_JPEG_SCANS:
        raise ImageError(
            f"The JPEG has more than {MAX_JPEG_SCANS} scans, which no camera writes. "
            "Open it and save it again as an ordinary JPEG."
        )


def too_many_pixels(limits: ImageLimits, found: str) -> TooManyPixels:
    return TooManyPixels(
        f"The image has {found}; at most {limits.max_pixels / 1e6:g} million pixels are accepted. "
        "Scale it down first."
    )
