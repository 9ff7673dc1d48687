"""All faces of a photo: each found once, cut out, and told from what is too small or unsure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.core.regions import Box, Findings, FoundRegion, first_regions
from recognition.core.types import QualityWarning
from recognition.encoders.faces.detection import Detection, box_between
from recognition.encoders.faces.finder import FaceFinder, Found
from recognition.encoders.faces.quality import SMALL
from recognition.encoders.faces.remembered import Remembered

Chip: TypeAlias = NDArray[np.uint8]

TOO_SMALL = SMALL / 2
"""Pixels between the eyes below which a face of several is left out: an aligned one has 42."""

TOO_UNSURE = 0.25
"""Score of the detector below which one of several is left out: of 143 faces in 40 composed photos
the least sure had 0.34."""

AROUND = 0.5
"""Of a box's long side, around it: what a face that fills the box needs to be found in it."""

REMEMBERED = 16
"""Photos whose faces are kept, of at most 64 times 70 kB each."""


@dataclass(frozen=True, slots=True)
class Face:
    """A found face, less the pixels around it, and its aligned ``chip``."""

    found: Found
    chip: Chip

    @property
    def region(self) -> FoundRegion:
        return found_region(self.found.detection)


class Crowd:
    """The faces of photos, remembered for who asks again; safe to share by threads."""

    def __init__(self, finder: FaceFinder, align: Callable[[Found], Chip]) -> None:
        self._finder = finder
        self._align = align
        self._faces: Remembered[tuple[Face, ...]] = Remembered(REMEMBERED)

    def find(self, image: Image.Image) -> Findings:
        """Return the faces of a photo, the largest first, less those too small or unsure."""
        faces = self._all(image)
        small = [each for each in faces if each.found.detection.eye_distance < TOO_SMALL]
        unsure = [
            each for each in faces if each not in small and each.found.detection.score < TOO_UNSURE
        ]
        left_out = [*small, *unsure]
        kept = [each.region for each in faces if each not in left_out]
        return first_regions(kept, *_told(len(small), len(unsure)))

    def faces_in(self, image: Image.Image, boxes: Sequence[Box]) -> list[Face | None]:
        """Return of each box the face that fits it best; None where there is none.

        Those that are found in the whole photo are asked first; where none of them has its middle
        in the box, the box and what is around it is looked at by itself, enlarged.
        """
        faces = self._all(image)
        return [_best(faces, box) or self._closer(image, box) for box in boxes]

    def _all(self, image: Image.Image) -> tuple[Face, ...]:
        return self._faces.get(image, lambda: self._look(image))

    def _look(self, image: Image.Image) -> tuple[Face, ...]:
        found = self._finder.find_all(image)
        return tuple(Face(_without_pixels(each), self._align(each)) for each in found)

    def _closer(self, image: Image.Image, box: Box) -> Face | None:
        around = box.grown(AROUND, image.size)
        found = self._finder.find(image.crop(around.edges))
        faces = [Face(_moved(each, around), self._align(each)) for each in found]
        return _best(faces, box)


def found_region(detection: Detection) -> FoundRegion:
    """Return a detection in whole pixels, as regions are told."""
    points = tuple((round(float(x), 1), round(float(y), 1)) for x, y in detection.landmarks)
    return FoundRegion(box_between(detection.box), round(detection.score, 3), points)


def _best(faces: Sequence[Face], box: Box) -> Face | None:
    """The face that overlaps the box most, of those whose middle lies in it."""
    inside = [each for each in faces if _holds(box, each.found.detection)]
    return max(inside, key=lambda each: each.region.box.overlap(box), default=None)


def _holds(box: Box, detection: Detection) -> bool:
    face = detection.box
    x, y = face.x + face.width / 2, face.y + face.height / 2
    left, top, right, bottom = box.edges
    return left <= x <= right and top <= y <= bottom


def _without_pixels(found: Found) -> Found:
    empty = np.empty((0, 0, 3), np.uint8)
    return replace(found, region=replace(found.region, pixels=empty))


def _moved(found: Found, around: Box) -> Found:
    """Move a region found in a part of a photo to its place in the photo."""
    detection, shift = found.detection, np.array([around.x, around.y])
    box = replace(detection.box, x=detection.box.x + around.x, y=detection.box.y + around.y)
    landmarks = detection.landmarks + shift
    moved = replace(detection, box=box, landmarks=landmarks)
    return _without_pixels(replace(found, detection=moved))


def _told(small: int, unsure: int) -> list[QualityWarning]:
    parts = []
    if small:
        parts.append(f"{small} with less than {TOO_SMALL:.0f} pixels between the eyes")
    if unsure:
        parts.append(f"{unsure} that may be none")
    if not parts:
        return []
    return [
        QualityWarning(
            "faces_left_out",
            f"Faces were left out: {' and '.join(parts)}. Send a larger photo or come closer.",
        )
    ]
