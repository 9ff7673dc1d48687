"""Untrusted bytes to a clean RGB image."""

from __future__ import annotations

from io import BytesIO

from PIL import ExifTags, Image
from PIL.JpegImagePlugin import JpegImageFile

from recognition.errors import DamagedImage, ImageError
from recognition.images.colour import to_rgb
from recognition.images.formats import sniff
from recognition.images.limits import (
    ImageLimits,
    check_bytes,
    check_dimensions,
    check_scans,
    too_many_pixels,
)

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
    decoded at 1/2, 1/4 or 1/8 of its scale as long as its short side keeps twice that size, which
    saves most of the time and hardly changes what the encoder sees. Leave it out for an image that
    is to be kept.

    Raises EmptyImage, ImageTooLarge, TooManyPixels, UnsupportedImage, DamagedImage, or ImageError
    for an image of a shape that nothing can be recognised in.
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
        image.load()
        clean = _upright(to_rgb(image), image)
    except (ImageError, MemoryError):
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
