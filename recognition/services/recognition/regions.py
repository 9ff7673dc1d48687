"""Look at the regions of a photo that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from recognition.core.regions import Box, Findings, FoundRegion, Regions, check_asked
from recognition.core.timing import Timings
from recognition.core.types import Matrix, QualityWarning
from recognition.encoders.protocol import InspectingEncoder
from recognition.images import read_image
from recognition.images.regions import PhotoRegion
from recognition.services.limits import image_limits
from recognition.services.recognition.answer import Answer


@dataclass(frozen=True, slots=True)
class Looked:
    """A photo with the regions of it that are looked at, the main one first."""

    photo: Image.Image
    regions: tuple[FoundRegion, ...]
    boxes: tuple[Box | None, ...]
    warnings: tuple[QualityWarning, ...]

    @property
    def shown(self) -> list[PhotoRegion]:
        """Return the regions as an encoder is shown them: the whole has no box."""
        return [PhotoRegion(self.photo, box) for box in self.boxes]

    def encoded(self, encoder: InspectingEncoder) -> Matrix:
        """Embed the regions ``(r, d)``, each by itself. Raises NoRegion."""
        return encoder.encode_regions(self.shown)

    def flaws(self, encoder: InspectingEncoder) -> list[tuple[QualityWarning, ...]]:
        """Return what is wrong with each region. Raises NoRegion."""
        return [encoder.inspect(each.photo, each.box) for each in self.shown]


def look(
    data: bytes,
    encoder: InspectingEncoder,
    *,
    box: Box | None,
    regions: Regions | None,
    timings: Timings | None = None,
) -> Looked:
    """Decode a photo at its full size and find what of it is looked at.

    That is ``box``, or what ``regions`` says: all that the encoder's domain finds, its main region,
    or the whole. Raises ImageError kinds, InvalidBox, NoRegion, RegionsUnsupported.
    """
    check_asked(box, regions)
    timings = timings or Timings()
    with timings.step("decode"):
        opened = read_image(data, limits=image_limits())
    with timings.step("detect"):
        findings, boxes = _found(opened.image, encoder, box, regions)
    return Looked(opened.image, findings.regions, boxes, (*opened.warnings, *findings.warnings))


def region_answer(region: FoundRegion) -> Answer:
    """Return where a region is, as every answer tells it."""
    return {
        "box": region.box.as_json(),
        "score": region.score,
        "landmarks": [list(point) for point in region.landmarks],
    }


def _found(
    photo: Image.Image, encoder: InspectingEncoder, box: Box | None, regions: Regions | None
) -> tuple[Findings, tuple[Box | None, ...]]:
    if box is not None:
        within = box.within(photo.size)
        return Findings((FoundRegion(within),)), (within,)
    if regions is Regions.ALL:
        return _all(photo, encoder)
    if regions is Regions.WHOLE:
        return Findings((_whole(photo),)), (None,)
    return Findings((encoder.main_region(photo),)), (None,)


def _all(photo: Image.Image, encoder: InspectingEncoder) -> tuple[Findings, tuple[Box | None, ...]]:
    found = encoder.find_regions(photo)
    if found.regions:
        return found, tuple(each.box for each in found.regions)
    # It says what is missing, or is the one that was left out.
    main = encoder.main_region(photo)
    return Findings((main,), found.warnings), (None,)


def _whole(photo: Image.Image) -> FoundRegion:
    return FoundRegion(Box(0, 0, photo.width, photo.height))


def first_told(*warnings: Sequence[QualityWarning]) -> tuple[QualityWarning, ...]:
    """Return warnings, of each kind the first."""
    found = [warning for each in warnings for warning in each]
    return tuple({warning.code: warning for warning in reversed(found)}.values())[::-1]
