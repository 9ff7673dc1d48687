"""One photo in every format, and what goes into it."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import ExifTags, Image
from skimage import data as photos

PHOTO = Image.fromarray(photos.chelsea()).resize((96, 64))
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image).astype(int)


def difference(one: Image.Image, other: Image.Image) -> float:
    return float(np.abs(pixels(one) - pixels(other)).mean())


def exif(orientation: int = 1) -> bytes:
    """An EXIF block with an orientation, a camera and a place."""
    block = Image.Exif()
    block[ExifTags.Base.Orientation] = orientation
    block[ExifTags.Base.Make] = "Camera of Alice"
    block[ExifTags.IFD.GPSInfo] = {ExifTags.GPS.GPSLatitudeRef: "N", ExifTags.GPS.GPSLatitude: 52.5}
    return block.tobytes()


LOSSLESS = {
    "PNG": encoded(PHOTO, "PNG"),
    "BMP": encoded(PHOTO, "BMP"),
    "PPM": encoded(PHOTO, "PPM"),
    "TIFF": encoded(PHOTO, "TIFF"),
    "TIFF, LZW": encoded(PHOTO, "TIFF", compression="tiff_lzw"),
    "JPEG 2000": encoded(PHOTO, "JPEG2000"),
    "JPEG 2000, codestream": encoded(PHOTO, "JPEG2000", no_jp2=True),
    "WebP, lossless": encoded(PHOTO, "WEBP", lossless=True),
}
LOSSY = {
    "JPEG": encoded(PHOTO, "JPEG"),
    "JPEG, progressive": encoded(PHOTO, "JPEG", progressive=True),
    "JPEG, CMYK": encoded(PHOTO.convert("CMYK"), "JPEG"),
    "WebP": encoded(PHOTO, "WEBP"),
    "GIF": encoded(PHOTO, "GIF"),
    "AVIF": encoded(PHOTO, "AVIF"),
    "HEIC": encoded(PHOTO, "HEIF"),
    "HEIC, generic brand": encoded(PHOTO, "HEIF").replace(b"ftypheic", b"ftypmif1", 1),
}
FILES = LOSSLESS | LOSSY
each_file = pytest.mark.parametrize("data", FILES.values(), ids=FILES.keys())
