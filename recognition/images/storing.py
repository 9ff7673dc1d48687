"""Clean images to bytes, for the media store."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any

from PIL import Image

from recognition.images.plain_jpeg import plain_jpeg

STORED_CONTENT_TYPE = "image/webp"
STORED_SUFFIX = ".webp"
QUERY_CONTENT_TYPE = "image/jpeg"
QUERY_SUFFIX = ".jpg"

LOSSLESS_PIXELS = 2_000_000
QUALITIES = (95, 85, 75)
"""WebP holds no more than 512 kB of how its blocks are coded (RFC 6386, 9.3), which the grain of a
large photo exceeds at high quality."""

MAX_SIDE = 16383
"""The largest side of a WebP image (RFC 9649)."""


def encode_stored(image: Image.Image) -> bytes:
    """Encode the image as a WebP file without metadata, to be kept and embedded again later.

    Up to 2 million pixels it is lossless, so that the stored file holds, pixel for pixel, what was
    enrolled. Above, lossless files grow to tens of megabytes, and the error of quality 95 all but
    vanishes when an encoder scales the image to its few hundred pixels. Noise that WebP cannot hold
    at that quality is stored at the next that it can, and lossless where there is none. A side
    above 16383 pixels, the most that WebP holds, is scaled down to that.
    """
    if max(image.size) > MAX_SIDE:
        image = image.copy()
        image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    if image.width * image.height > LOSSLESS_PIXELS:
        for quality in QUALITIES:
            with suppress(ValueError):
                return _webp(image, quality=quality, method=0)
    return _webp(image, lossless=True, quality=0, method=0)


def encode_query(image: Image.Image, source: bytes) -> bytes:
    """Encode a query's image as a JPEG file without metadata: many are asked and few looked at
    again, so that here it counts to be quick.

    A ``source`` that is such a file, less its metadata, is kept as it came. Else an encoder sees
    next to no difference (quality 95, colours in full resolution), and a lossless file would take
    longer to write than its embedding.
    """
    if plain := plain_jpeg(source, image.size):
        return plain
    # Only where it writes to a real file does Pillow let other threads go on meanwhile.
    with TemporaryFile() as target:
        image.save(target, "JPEG", quality=95, subsampling=0)
        target.seek(0)
        return target.read()


def thumbnail(image: Image.Image, side: int = 256) -> bytes:
    """Make a small WebP preview whose longer side has at most ``side`` pixels."""
    preview = image.copy()
    preview.thumbnail((side, side), Image.Resampling.LANCZOS)
    return _webp(preview, quality=80)


def _webp(image: Image.Image, **options: Any) -> bytes:
    target = BytesIO()
    image.save(target, "WEBP", **options)
    return target.getvalue()
