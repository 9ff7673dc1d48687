"""Untrusted bytes to a clean RGB image."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from PIL import ExifTags, Image
from PIL.JpegImagePlugin import JpegImageFile

from recognition.errors import DamagedImage, EncoderBusy, ImageError, TooManyPixels
from recognition.images.colour import to_rgb
from recognition.images.formats import sniff
from recognition.images.limits import (
    ImageLimits,
    check_bytes,
    check_dimensions,
    check_scans,
    too_many_pixels,
)
from recognition.images.room import DECODING

DEFAULT_LIMITS = ImageLimits()
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def open_image(
    data: bytes, *, limits: ImageLimits = DEFAULT_LIMITS, fit: int | None = None
) -> Image.Image:
    """Decode a file's first frame to upright 8-bit sRGB without metadata.

    ``fit`` is the input size in pixels of the encoder that the image goes to: a JPEG is then
    decoded at 1/2, 1/4 or 1/8 of its scale as long as its short side keeps twice that size, and any
    other image is scaled likewise, which saves most of the time and the memory and hardly changes
    what the encoder sees. Leave it out for an image that is to be kept.

    Raises EmptyImage, ImageTooLarge, TooManyPixels, UnsupportedImage, DamagedImage, or ImageError
    for an image of a shape that nothing can be recognised in; EncoderBusy where the process decodes
    too many pixels already.
    """
    check_bytes(data, limits)
    formats = sniff(data)
    try:
        image = Image.open(BytesIO(data), formats=formats)
        check_dimensions(image, limits)
        if isinstance(image, JpegImageFile):
            check_scans(data)
            if fit:
                image.draft("RGB", (2 * fit, 2 * fit))
        room, wait = limits.max_pixels_at_once, limits.wait_seconds
        with DECODING.taken(image.width * image.height, total=room, seconds=wait):
            image.load()
            clean = _fitted(_upright(to_rgb(image), image), fit)
    except (ImageError, EncoderBusy, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_many_pixels(limits, "too many pixels to open") from None
    except Exception as error:
        # Pillow's decoders let through whatever their parsing of a broken file ran into.
        raise DamagedImage(
            f"The {formats[0]} file is damaged or incomplete. Upload it again from the original."
        ) from error
    clean.info = {}
    return clean


def check_request(
    sources: Sequence[bytes], *, limits: ImageLimits = DEFAULT_LIMITS, fit: int | None = None
) -> None:
    """Refuse images that together declare more pixels than a request may have decoded, before one
    of them is. Raises TooManyPixels."""
    found = sum(_decoded_pixels(data, fit) for data in sources)
    if found > limits.max_request_pixels:
        raise TooManyPixels(
            f"The {len(sources)} images have {found / 1e6:.0f} million pixels together; at most "
            f"{limits.max_request_pixels / 1e6:g} million are taken at once. Send fewer, or scale "
            "them down first."
        )


def _decoded_pixels(data: bytes, fit: int | None) -> int:
    """As the header declares them; of what cannot be opened none, since decoding refuses it."""
    try:
        with Image.open(BytesIO(data), formats=sniff(data)) as image:
            if fit and isinstance(image, JpegImageFile):
                image.draft("RGB", (2 * fit, 2 * fit))
            return image.width * image.height
    except Exception:
        return 0


def _fitted(image: Image.Image, fit: int | None) -> Image.Image:
    """The image at an integer part of its scale, its short side at least twice ``fit``."""
    factor = min(image.size) // (2 * fit) if fit else 1
    return image.reduce(factor) if factor > 1 else image


def _upright(pixels: Image.Image, source: Image.Image) -> Image.Image:
    """Turn the pixels as the source's metadata says.

    Read after decoding, since a PNG may carry its EXIF behind the pixels.
    """
    try:
        orientation = source.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:
        # An unreadable EXIF block is no reason to refuse good pixels.
        orientation = 1
    method = _UPRIGHT.get(orientation)
    return pixels if method is None else pixels.transpose(method)
