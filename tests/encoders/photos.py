"""Decoded sample photos that scikit-image's wheel carries."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from tests.photos import photo


def sample(name: str) -> Image.Image:
    with Image.open(BytesIO(photo(name))) as image:
        return image.convert("RGB")
