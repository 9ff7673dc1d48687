"""Regions on their way into a pipeline: found by an encoder's domain where it finds any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from PIL import Image

from recognition.core.errors import NoRegion, RegionsUnsupported
from recognition.core.regions import Box, Findings, FoundRegion
from recognition.encoders.batching.pipeline import ImageLoader
from recognition.encoders.protocol import Crop, DualEncoder, RegionFinder
from recognition.images.regions import PhotoRegion


def find_regions(encoder: DualEncoder, image: Image.Image) -> Findings:
    """Find what stands apart in a clean RGB image. Raises RegionsUnsupported."""
    if isinstance(encoder, RegionFinder):
        return encoder.find_regions(image)
    raise RegionsUnsupported(
        f"The encoder {encoder.spec.name} finds no regions by itself. Send a box around what you "
        "mean."
    )


def main_region(encoder: DualEncoder, image: Image.Image) -> FoundRegion:
    """Return the region that is embedded where none is named; the whole by a general encoder.

    Raises NoRegion.
    """
    if isinstance(encoder, RegionFinder):
        return encoder.main_region(image)
    return FoundRegion(Box(0, 0, image.width, image.height))


def region_loaders(encoder: DualEncoder, regions: Sequence[PhotoRegion]) -> list[ImageLoader]:
    """Return what makes each region ready for the image tower.

    An encoder that finds regions by itself looks at a photo once for all its boxes.
    """
    if not isinstance(encoder, RegionFinder):
        return [region.cut for region in regions]
    boxes: dict[int, list[Box]] = {}
    for region in regions:
        if region.box is not None:
            boxes.setdefault(id(region.photo), []).append(region.box)
    crops = {
        id(each.photo): _Crops(encoder, each.photo, boxes.get(id(each.photo), ()))
        for each in regions
    }
    return [
        _whole(region.photo) if region.box is None else crops[id(region.photo)].of(region.box)
        for region in regions
    ]


class _Crops:
    """The crops of one photo's boxes, made together by the first thread that asks for one."""

    def __init__(self, encoder: RegionFinder, photo: Image.Image, boxes: Sequence[Box]) -> None:
        self._encoder = encoder
        self._photo = photo
        self._boxes = list(dict.fromkeys(boxes))
        self._crops: dict[Box, Crop | NoRegion] = {}
        self._lock = Lock()

    def of(self, box: Box) -> ImageLoader:
        return lambda: self._crop(box)

    def _crop(self, box: Box) -> Crop:
        with self._lock:
            if not self._crops:
                made = self._encoder.crop_regions(self._photo, self._boxes)
                self._crops = dict(zip(self._boxes, made, strict=True))
        found = self._crops[box]
        if isinstance(found, NoRegion):
            raise found
        return found


def _whole(photo: Image.Image) -> Callable[[], Image.Image]:
    return lambda: photo
