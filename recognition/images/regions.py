"""Regions of decoded photos."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from recognition.core.regions import Box


@dataclass(frozen=True, slots=True, eq=False)
class PhotoRegion:
    """A clean RGB photo, and the part of it that is looked at: None is the whole."""

    photo: Image.Image
    box: Box | None = None

    def cut(self, margin: float = 0.0) -> Image.Image:
        """Return the region's pixels, with a margin of this share of its long side."""
        if self.box is None:
            return self.photo
        return self.photo.crop(self.box.grown(margin, self.photo.size).edges)


def region_of(photo: Image.Image, box: Box | None, size: tuple[int, int]) -> PhotoRegion:
    """Return the region of a stored photo, which may be smaller than the one of ``size`` that the
    box was drawn on.
    """
    if box is None or photo.size == size:
        return PhotoRegion(photo, box)
    scaled = box.scaled(photo.width / size[0], photo.height / size[1])
    return PhotoRegion(photo, scaled.within(photo.size))
