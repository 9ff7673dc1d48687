"""Find faces in photos as people take them: large and small, dark, or on their side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
from PIL import Image

from recognition.encoders.faces.detection import (
    Box,
    Detection,
    Points,
    box_turned_back,
    turn,
    turned_back,
)
from recognition.encoders.faces.light import brightness, lifted
from recognition.encoders.faces.network_detector import WINDOW, NetworkDetector
from recognition.encoders.faces.region import FACE, Region, cut_region

QUICK_SIDE = 400
"""Pixels of the long side of the copy in which faces are looked for first. Gradients find faces of
80 pixels: a fifth of it."""

THOROUGH_SIDE = 800
"""Likewise where every face matters, or none was found: a tenth of it."""

CROWD_SIDE = 1200
"""Likewise where all are asked for: a fifteenth of it, as in a photo of a group. Of 143 faces in 40
composed photos 800 pixels show 91 %, 1200 and 1600 all of them."""

NETWORK_SIDE, NETWORK_TURNED_SIDE = 480, 320
"""Likewise for the network, which costs several times as much a pixel: on the photo as it is, and
on its three turns."""

MOST_ENLARGED = 4.0
"""A smaller photo is enlarged by this much at most: there is no more to see in it."""

WEAK = 0.5
"""Score of gradients below which the network has to see a face there as well."""

SEEN = 0.3
"""Score of the network from which it has found a face, or confirms one. Gradients that it does not
confirm are no loss: it looks for itself later."""

AGREED = 0.45
"""Intersection over union of the two boxes from which both have seen the same face."""

UPRIGHT: tuple[int, ...] = (0,)
TURNS: tuple[int, ...] = (90, 270, 180)

_Look: TypeAlias = Callable[[Image.Image], list[tuple[Box, float]]]
"""A copy of a photo to the boxes of faces in it, with their scores."""


@dataclass(frozen=True, slots=True)
class Found:
    """A face, with the part of the photo that its landmarks ``(5, 2)`` were found in.

    ``landmarks`` are pixels of ``region``, where the face stands upright.
    """

    detection: Detection
    region: Region
    landmarks: Points


class FaceFinder:
    """Finds faces by gradients (Dalal & Triggs 2005, as dlib trained it) and, where those find
    none, by dlib's network; safe to share by threads.

    dlib's detector is not: it keeps its pyramid. Its binding holds Python's lock while it runs, so
    that a lock of its own costs nothing, and one detector does for all threads; each takes half a
    second to make.
    """

    def __init__(self, dlib: Any, landmarks: str, network: NetworkDetector) -> None:
        self._dlib = dlib
        self._gradients = dlib.get_frontal_face_detector()
        self._predictor = dlib.shape_predictor(landmarks)
        self._network = network
        self._lock = Lock()

    def find(self, image: Image.Image, *, thorough: bool = False) -> list[Found]:
        """Find the faces of an upright RGB photo, the largest first; none where there are none.

        Where none are large enough for the first look, smaller ones are looked for, then the photo
        is turned, then the network is asked. ``thorough`` looks for small ones at once, which takes
        four times as long.
        """
        sides = (THOROUGH_SIDE,) if thorough else (QUICK_SIDE, THOROUGH_SIDE)
        return self._first(image, sides)

    def find_all(self, image: Image.Image) -> list[Found]:
        """Find all faces of an upright RGB photo, the largest first, from a fifteenth of its long
        side on; where there are none, as ``find`` does.
        """
        return self._first(image, (CROWD_SIDE,))

    def _first(self, image: Image.Image, sides: Sequence[int]) -> list[Found]:
        """The faces of the first look that finds any: by gradients at these sides, then turned and
        by the network.
        """
        looks = [(self._by_gradients, side, UPRIGHT) for side in sides]
        looks += [
            (self._by_gradients, QUICK_SIDE, TURNS),
            (self._by_network, NETWORK_SIDE, UPRIGHT),
            (self._by_network, NETWORK_TURNED_SIDE, TURNS),
        ]
        for look, side, turns in looks:
            if found := self._look(image, look, side, turns):
                return found
        return []

    def find_upright(self, image: Image.Image) -> list[Found]:
        """Find the faces that gradients see in a photo that stands upright, the largest first."""
        return self._look(image, self._by_gradients, QUICK_SIDE, UPRIGHT)

    def _look(
        self, image: Image.Image, look: _Look, side: int, turns: Sequence[int]
    ) -> list[Found]:
        """The faces of the turn in which the surest stands."""
        copy, scale = _copy(image, side)
        best: list[tuple[Box, float]] = []
        best_turn = 0
        for turned in turns:
            found = look(turn(copy, turned))
            if found and (not best or _surest(found) > _surest(best)):
                best, best_turn = found, turned
        boxes = [(_scaled(box, 1 / scale), score) for box, score in best]
        return self._described(image, boxes, best_turn)

    def _by_gradients(self, copy: Image.Image) -> list[tuple[Box, float]]:
        with self._lock:
            rectangles, scores, _ = self._gradients.run(np.asarray(copy.convert("L")), 0, 0.0)
        found = [
            (Box(each.left(), each.top(), each.width(), each.height()), float(score))
            for each, score in zip(rectangles, scores, strict=True)
        ]
        return [each for each in found if each[1] >= WEAK or self._is_confirmed(copy, each[0])]

    def _by_network(self, copy: Image.Image) -> list[tuple[Box, float]]:
        return self._network.find(copy, SEEN)

    def _is_confirmed(self, copy: Image.Image, box: Box) -> bool:
        """Say whether the network, too, sees a face there."""
        region = cut_region(copy, box)
        height, width, _ = region.pixels.shape
        size = max(1, width * WINDOW // FACE), max(1, height * WINDOW // FACE)
        small = Image.fromarray(region.pixels).resize(size, Image.Resampling.BILINEAR)
        corner = region.from_photo(np.array([[box.x, box.y]]))[0] * (WINDOW / FACE)
        here = Box(float(corner[0]), float(corner[1]), WINDOW, WINDOW)
        found = self._network.find(small, SEEN)
        return any(here.overlap(other) > AGREED for other, _ in found)

    def _described(
        self, image: Image.Image, boxes: list[tuple[Box, float]], turned: int
    ) -> list[Found]:
        if not boxes:
            return []
        upright = turn(image, turned)
        boxes = sorted(boxes, key=lambda each: -each[0].area)
        return [self._describe(upright, box, score, turned, image.size) for box, score in boxes]

    def _describe(
        self, upright: Image.Image, box: Box, score: float, turned: int, size: tuple[int, int]
    ) -> Found:
        region = cut_region(upright, box)
        corners = np.array([[box.x, box.y], [box.x + box.width, box.y + box.height]])
        (left, top), (right, bottom) = region.from_photo(corners).round().astype(int)
        rectangle = self._dlib.rectangle(int(left), int(top), int(right) - 1, int(bottom) - 1)
        shape = self._predictor(region.pixels, rectangle)
        landmarks = np.array([(part.x, part.y) for part in shape.parts()], np.float64)
        in_photo = turned_back(region.to_photo(landmarks), turned, size)
        box = box_turned_back(box, turned, size)
        return Found(Detection(box, score, in_photo, turned), region, landmarks)


def _copy(image: Image.Image, side: int) -> tuple[Image.Image, float]:
    """A copy of bounded size, brightened if it is dark, and its scale."""
    scale = min(side / max(image.size), MOST_ENLARGED)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    copy = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    return lifted(copy, brightness(np.asarray(copy.convert("L")))), scale


def _scaled(box: Box, scale: float) -> Box:
    return Box(box.x * scale, box.y * scale, box.width * scale, box.height * scale)


def _surest(found: list[tuple[Box, float]]) -> float:
    return max(score for _, score in found)
