"""What an encoder does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from numpy.typing import NDArray
from PIL import Image

from recognition.core.errors import NoRegion
from recognition.core.regions import Box, Findings, FoundRegion
from recognition.core.types import EncoderSpec, Matrix, QualityWarning
from recognition.encoders.text_reading import TextRead

if TYPE_CHECKING:  # An inference server runs encoders without what reads images.
    from recognition.images.regions import PhotoRegion

Crop: TypeAlias = NDArray[Any]
"""One image as an image tower takes it."""


class Encoder(Protocol):
    """A dual encoder, images and texts into one joint space, or one of images alone.

    The latter raises TextsUnsupported for texts, and says so in its ``spec``.
    """

    @property
    def spec(self) -> EncoderSpec: ...

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix:
        """Embed clean RGB images; returns L2-normalised float32 ``(n, d)``."""
        ...

    def encode_texts(self, texts: Sequence[str]) -> Matrix:
        """Embed texts as they are; returns L2-normalised float32 ``(n, d)``."""
        ...

    def read_texts(self, texts: Sequence[str]) -> list[TextRead]:
        """Return how much of each text is read; an empty list where that is not known."""
        ...


class InspectingEncoder(Encoder, Protocol):
    """An encoder that also says what is wrong with an image, as its domain sees it."""

    def encode_regions(self, regions: Sequence[PhotoRegion]) -> Matrix:
        """Embed regions of clean RGB images, as ``encode_images`` does images. Raises NoRegion."""
        ...

    def find_regions(self, image: Image.Image) -> Findings:
        """Find what stands apart in a clean RGB image; nothing where it shows nothing of the
        domain. Raises RegionsUnsupported of an encoder that finds nothing by itself.
        """
        ...

    def main_region(self, image: Image.Image) -> FoundRegion:
        """Return the region that ``encode_images`` embeds. Raises NoRegion."""
        ...

    def inspect(self, image: Image.Image, box: Box | None = None) -> tuple[QualityWarning, ...]:
        """Warn of what makes a clean RGB image, or what is in a box of it, hard to recognise;
        raises NoRegion where it shows nothing of the domain.
        """
        ...

    def cohort(self) -> Matrix:
        """Embed different things of the encoder's domain ``(n, d)``, or give their mean; nothing of
        a general one.
        """
        ...


@runtime_checkable
class DomainInspector(Protocol):
    """The abilities, beside encoding, of an encoder that was made for one domain."""

    def inspect(self, image: Image.Image, box: Box | None = None) -> tuple[QualityWarning, ...]: ...

    def cohort(self) -> Matrix: ...


@runtime_checkable
class RegionFinder(Protocol):
    """The abilities of an encoder that finds the regions of an image by itself."""

    def find_regions(self, image: Image.Image) -> Findings: ...

    def main_region(self, image: Image.Image) -> FoundRegion: ...

    def crop_regions(self, image: Image.Image, boxes: Sequence[Box]) -> list[Crop | NoRegion]:
        """Return what the image tower takes of each box; the error of one with nothing in it."""
        ...


class DualEncoder(Encoder, Protocol):
    """An encoder whose steps can be taken apart, with what suits it.

    ``batch`` images are best run together and ``parallel`` batches at the same time; ``linger``
    is how many seconds waiting for a fuller batch is worth.
    """

    @property
    def batch(self) -> int: ...

    @property
    def parallel(self) -> int: ...

    @property
    def linger(self) -> float: ...

    def crop(self, image: Image.Image) -> Crop:
        """Return what the image tower takes of an image."""
        ...

    def forward_images(self, crops: Sequence[Crop], *, alone: bool = True) -> Matrix:
        """Run the image tower; the rows ``(n, d)`` are not normalised.

        ``alone`` says that no other batch runs or waits, so that this one may take every core.
        """
        ...
