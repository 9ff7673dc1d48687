"""What is known of one face in a photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.core import regions

Points: TypeAlias = NDArray[np.float64]
"""``(n, 2)``, x and y in pixels."""

RIGHT_OUTER, RIGHT_INNER, LEFT_OUTER, LEFT_INNER, NOSE = range(5)
"""dlib's five landmarks, named as the picture shows them: the corners of the eye on its right, of
the eye on its left, and the base of the nose."""

_TURNS = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; it may reach beyond the image."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        return self.width * self.height

    def overlap(self, other: Box) -> float:
        """Return the intersection over union, in [0, 1]."""
        width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        both = max(width, 0.0) * max(height, 0.0)
        return both / (self.area + other.area - both)


def box_between(box: Box) -> regions.Box:
    """Return a box in whole pixels."""
    left, top = round(box.x), round(box.y)
    right, bottom = round(box.x + box.width), round(box.y + box.height)
    return regions.Box(left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True)
class Detection:
    """A face that was found.

    ``box`` and ``landmarks`` ``(5, 2)`` are in pixels of the image that was given. ``score`` is the
    detector's margin: 0 is its own threshold, 1 a usual face. ``turned`` is by how many degrees,
    counter-clockwise, the image has to be turned for the face to stand upright: 0, 90, 180 or 270.
    """

    box: Box
    score: float
    landmarks: Points
    turned: int = 0

    @property
    def eye_distance(self) -> float:
        """Return the distance between the centres of the eyes, in pixels."""
        right, left = eye_centres(self.landmarks)
        return float(np.linalg.norm(right - left))


def eye_centres(landmarks: Points) -> tuple[Points, Points]:
    """Return the eye on the picture's right, and the one on its left, ``(2,)`` each."""
    right = landmarks[[RIGHT_OUTER, RIGHT_INNER]].mean(axis=0)
    return right, landmarks[[LEFT_OUTER, LEFT_INNER]].mean(axis=0)


def turn(image: Image.Image, degrees: int) -> Image.Image:
    """Turn an image counter-clockwise by 0, 90, 180 or 270 degrees."""
    return image.transpose(_TURNS[degrees]) if degrees else image


def turned_back(points: Points, degrees: int, size: tuple[int, int]) -> Points:
    """Find points of an image that was turned by ``degrees`` in the image before, of ``size``."""
    width, height = size
    x, y = points[:, 0], points[:, 1]
    match degrees:
        case 90:
            return np.stack([width - y, x], axis=1)
        case 180:
            return np.stack([width - x, height - y], axis=1)
        case 270:
            return np.stack([y, height - x], axis=1)
    return points


def box_turned_back(box: Box, degrees: int, size: tuple[int, int]) -> Box:
    """Find a box of an image that was turned by ``degrees`` in the image before, of ``size``."""
    corners = np.array([[box.x, box.y], [box.x + box.width, box.y + box.height]])
    found = turned_back(corners, degrees, size)
    (left, top), (right, bottom) = found.min(axis=0), found.max(axis=0)
    return Box(float(left), float(top), float(right - left), float(bottom - top))
