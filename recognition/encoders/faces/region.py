"""The part of a photo around a face, at the size at which its landmarks are found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.encoders.faces.detection import Box, Points
from recognition.encoders.faces.light import brightness, lifted

FACE = 160
"""Pixels that a found face gets: landmarks are whole pixels to dlib, which would be coarse in a
small photo, and an aligned face of 150 takes in half as much again around it."""

MARGIN = 0.8
"""Of a face's side, on each side of it: what an aligned face takes in however the head leans."""


@dataclass(frozen=True, slots=True)
class Region:
    """Pixels ``(height, width, 3)`` of 8-bit RGB, brightened if the face was dark.

    A point of the photo is ``left, top`` plus a point here over ``scale``. ``level`` is how bright
    the face was, of 255.
    """

    pixels: NDArray[np.uint8]
    left: float
    top: float
    scale: tuple[float, float]
    level: float

    def to_photo(self, points: Points) -> Points:
        moved: Points = points / np.array(self.scale) + (self.left, self.top)
        return moved

    def from_photo(self, points: Points) -> Points:
        moved: Points = (points - (self.left, self.top)) * np.array(self.scale)
        return moved


def cut_region(image: Image.Image, box: Box) -> Region:
    """Cut a face and what is around it out of an RGB photo; nothing is added beyond its edges."""
    margin = MARGIN * box.width
    left, top = max(0, int(box.x - margin)), max(0, int(box.y - margin))
    right = min(image.width, int(np.ceil(box.x + box.width + margin)))
    bottom = min(image.height, int(np.ceil(box.y + box.height + margin)))
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    wanted = FACE / box.width
    size = max(1, round((right - left) * wanted)), max(1, round((bottom - top) * wanted))
    part = image.resize(
        size, Image.Resampling.BICUBIC, box=(left, top, right, bottom), reducing_gap=2.0
    )
    scale = size[0] / (right - left), size[1] / (bottom - top)
    level = _face_level(part, box, left, top, scale)
    return Region(np.asarray(lifted(part, level)), left, top, scale, level)


def _face_level(
    part: Image.Image, box: Box, left: float, top: float, scale: tuple[float, float]
) -> float:
    x, y = (box.x - left) * scale[0], (box.y - top) * scale[1]
    face = part.crop(
        (
            max(0, round(x)),
            max(0, round(y)),
            min(part.width, max(1, round(x + box.width * scale[0]))),
            min(part.height, max(1, round(y + box.height * scale[1]))),
        )
    )
    return brightness(np.asarray(face.convert("L")))
