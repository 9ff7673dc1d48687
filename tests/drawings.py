"""Drawn things of one kind, as many as are asked for, each unlike the others."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

SIDE = 160


@cache
def drawing(number: int) -> bytes:
    """Three filled shapes on a plain ground, as a PNG; the same number gives the same one."""
    generator = np.random.default_rng(number)
    image = Image.new("RGB", (SIDE, SIDE), _colour(generator))
    canvas = ImageDraw.Draw(image)
    for _ in range(3):
        left, top = generator.integers(0, 110, 2).tolist()
        width, height = generator.integers(20, 50, 2).tolist()
        draw = canvas.ellipse if generator.random() < 0.5 else canvas.rectangle
        draw((left, top, left + width, top + height), fill=_colour(generator))
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _colour(generator: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = generator.integers(0, 256, 3).tolist()
    return red, green, blue
