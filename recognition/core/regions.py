"""What of an image is looked at: the whole, a box, or what was found in it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from recognition.core.errors import InvalidBox, InvalidInput
from recognition.core.types import QualityWarning

MOST_REGIONS = 64
"""Regions of one photo that are looked at; how many more were found is told."""

LEAST_SIDE = 8
"""Pixels that a box has each way at least: in fewer there is nothing to recognise."""

FARTHEST = 1_000_000
"""Pixels beyond which no image reaches."""


class Regions(StrEnum):
    """The regions of an image that are looked at."""

    ONE = "one"
    ALL = "all"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in whole pixels of an upright image; its corner at the top left is ``x, y``."""

    x: int
    y: int
    width: int
    height: int

    @property
    def area(self) -> int:
        return self.width * self.height

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom, as Pillow crops."""
        return self.x, self.y, self.x + self.width, self.y + self.height

    def within(self, size: tuple[int, int]) -> Box:
        """Return the part of the box that lies in an image of ``size``, its width and height.

        Raises InvalidBox where that is less than ``LEAST_SIDE`` pixels wide or high, unless the
        image itself is.
        """
        left, top = max(self.x, 0), max(self.y, 0)
        right, bottom = (min(edge, side) for edge, side in zip(self.edges[2:], size, strict=True))
        least = min(LEAST_SIDE, *size)
        if right - left < least or bottom - top < least:
            raise InvalidBox(
                f"The box {self} has less than {least} pixels each way in this image of "
                f"{size[0]} x {size[1]}. Boxes are x, y, width, height in pixels of the upright "
                "image."
            )
        return Box(left, top, right - left, bottom - top)

    def grown(self, share: float, size: tuple[int, int]) -> Box:
        """Return the box with a margin of ``share`` of its long side, as far as the image goes."""
        margin = math.ceil(share * max(self.width, self.height))
        left, top = max(self.x - margin, 0), max(self.y - margin, 0)
        right = min(self.x + self.width + margin, size[0])
        bottom = min(self.y + self.height + margin, size[1])
        return Box(left, top, right - left, bottom - top)

    def scaled(self, x: float, y: float) -> Box:
        """Return the box in an image whose sides are so many times as long."""
        left, top, right, bottom = self.edges
        edges = (
            math.floor(left * x),
            math.floor(top * y),
            math.ceil(right * x),
            math.ceil(bottom * y),
        )
        return Box(edges[0], edges[1], edges[2] - edges[0], edges[3] - edges[1])

    def overlap(self, other: Box) -> float:
        """Return the intersection over union, in [0, 1]."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        right, bottom = (
            min(own, its) for own, its in zip(self.edges[2:], other.edges[2:], strict=True)
        )
        both = max(right - left, 0) * max(bottom - top, 0)
        return both / (self.area + other.area - both)

    def as_json(self) -> dict[str, int]:
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.x},{self.y},{self.width},{self.height}"

    @classmethod
    def of(cls, given: Any) -> Box:
        """Read a box from ``"x,y,width,height"``, four numbers, or an object with these names.

        Raises InvalidBox.
        """
        values = _values(given)
        if values is None:
            raise InvalidBox(
                "A box is x,y,width,height: four numbers, in pixels of the upright image."
            )
        if not all(math.isfinite(each) and abs(each) <= FARTHEST for each in values):
            raise InvalidBox(f"A box's numbers are between -{FARTHEST} and {FARTHEST}.")
        left, top, width, height = values
        if width <= 0 or height <= 0:
            raise InvalidBox("A box's width and height are more than 0.")
        right, bottom = round(left + width), round(top + height)
        return cls(round(left), round(top), right - round(left), bottom - round(top))


@dataclass(frozen=True, slots=True)
class FoundRegion:
    """A region that a detector found, in pixels of the upright image.

    ``score`` is the detector's own, the higher the surer, None where it gives none; ``landmarks``
    are the five points of a face.
    """

    box: Box
    score: float | None = None
    landmarks: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """The regions of a photo, the main one first, and what to know of what was left out."""

    regions: tuple[FoundRegion, ...]
    warnings: tuple[QualityWarning, ...] = ()


def check_asked(box: Box | None, regions: Regions | None) -> None:
    """Raise InvalidInput where a box and other regions are asked for at once."""
    if box is not None and regions in {Regions.ALL, Regions.WHOLE}:
        raise InvalidInput("Give either a box, or all regions, or the whole.")


def first_regions(found: Sequence[FoundRegion], *warnings: QualityWarning) -> Findings:
    """Keep as many regions as are looked at, and tell how many more there were."""
    if len(found) <= MOST_REGIONS:
        return Findings(tuple(found), warnings)
    more = QualityWarning(
        "more_regions",
        f"{len(found)} regions were found; the {MOST_REGIONS} main ones were looked at.",
    )
    return Findings(tuple(found[:MOST_REGIONS]), (*warnings, more))


def _values(given: Any) -> list[float] | None:
    if isinstance(given, str):
        given = given.split(",", 4)
    elif isinstance(given, Mapping):
        if given.keys() != {"x", "y", "width", "height"}:
            return None
        given = [given[name] for name in ("x", "y", "width", "height")]
    if not isinstance(given, Sequence) or len(given) != 4:
        return None
    if not all(isinstance(each, int | float | str) and each is not True for each in given):
        return None
    try:
        return [float(each) for each in given]
    except (ValueError, OverflowError):
        return None
