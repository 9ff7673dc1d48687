"""Real photos that scikit-image ships, and other views of the same things."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import skimage.data
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageEnhance

FOLDER = Path(skimage.data.__file__).parent


@cache
def photo(name: str) -> bytes:
    """The file as it is shipped, such as ``chelsea.png`` (a cat) or ``coffee.png``."""
    return (FOLDER / name).read_bytes()


@cache
def another_view(name: str) -> bytes:
    """The same thing from nearer, turned a little and in other light, as a JPEG."""
    with Image.open(BytesIO(photo(name))) as opened:
        image = opened.convert("RGB")
    width, height = image.size
    turned = image.rotate(8, resample=Image.Resampling.BICUBIC)
    nearer = turned.crop((width // 8, height // 8, width * 7 // 8, height * 7 // 8))
    buffer = BytesIO()
    ImageEnhance.Brightness(nearer).enhance(0.8).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@cache
def corner(name: str) -> bytes:
    """Its upper left quarter, as a PNG: enough to recognise, but not beyond all doubt."""
    with Image.open(BytesIO(photo(name))) as opened:
        image = opened.convert("RGB")
    buffer = BytesIO()
    image.crop((0, 0, image.width // 2, image.height // 2)).save(buffer, "PNG")
    return buffer.getvalue()


def upload(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


@cache
def portrait(brightness: float = 1.0, box: tuple[int, int, int, int] = (120, 0, 340, 300)) -> bytes:
    """The face in ``astronaut.png``, in other light and cut out otherwise, as a PNG."""
    buffer = BytesIO()
    with Image.open(BytesIO(photo("astronaut.png"))) as image:
        face = image.convert("RGB").crop(box)
        ImageEnhance.Brightness(face).enhance(brightness).save(buffer, "PNG")
    return buffer.getvalue()
