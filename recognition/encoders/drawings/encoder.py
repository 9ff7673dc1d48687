"""The encoder of drawings: ink, its looks, and a small network on ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property

import numpy as np
from PIL import Image

from recognition.core.cores import core_count
from recognition.core.errors import NoRegion, WeightsUnavailable
from recognition.core.regions import Box, Findings, FoundRegion, first_regions
from recognition.core.types import Domain, EncoderSpec, Matrix, QualityWarning
from recognition.encoders.contents import check_digest
from recognition.encoders.domains import texts_unsupported
from recognition.encoders.drawings.canvases import DIMENSION
from recognition.encoders.drawings.cohort import cohort_images
from recognition.encoders.drawings.ink import WORKING_SIDE, Ink, ink_box, read_ink
from recognition.encoders.drawings.inspecting import ink_warnings
from recognition.encoders.drawings.marks import AROUND, find_marks
from recognition.encoders.drawings.preparing import prepare
from recognition.encoders.drawings.shipped import Weights, find_weights
from recognition.encoders.normalising import normalise
from recognition.encoders.onnx.sessions import CheckedSessions, Session
from recognition.encoders.protocol import Crop
from recognition.encoders.text_reading import TextRead
from recognition.images.regions import PhotoRegion

DRAWINGS = "drawings"

_BATCH = 8
"""Drawings that are run together: their looks are many already, and more cost no less each."""


def load_drawings(threads: int = 0) -> DrawingsEncoder:
    """Load the encoder with the weights that come with the package, run by at most ``threads``
    threads at a time; 0 takes one a core. Raises WeightsUnavailable where they are damaged.
    """
    return DrawingsEncoder(find_weights(), threads=threads)


@cache
def shipped_drawings() -> tuple[EncoderSpec, ...]:
    """Return the encoder that comes with the package; none where its weights are damaged."""
    try:
        return (load_drawings().spec,)
    except WeightsUnavailable:
        return ()


class DrawingsEncoder:
    """Embeds characters, signatures, logos and line marks; safe to share by threads.

    Each drawing is seen on a square and on a wide canvas, a little turned and slanted, so that
    small shifts of a hand do not count; its embedding is the mean of these.
    """

    engine = "onnx"
    parallel: int
    linger = 0.0
    batch = _BATCH

    def __init__(self, weights: Weights, *, threads: int = 0) -> None:
        self.spec = EncoderSpec(
            name=DRAWINGS,
            fingerprint=weights.fingerprint,
            dimension=DIMENSION,
            input_size=WORKING_SIDE,
            logit_scale=1.0,
            domain=Domain.DRAWINGS,
            reads_texts=False,
        )
        self._path = weights.path
        digest = str(weights.provenance["sha256"])
        self._sessions = CheckedSessions(lambda path: check_digest(path, digest))
        self._threads = threads or core_count()
        self.parallel = self._threads

    def load(self) -> None:
        """Load the network now rather than at its first use. Raises WeightsUnavailable."""
        self._session(1)
        self._session(self._threads)

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix:
        """Embed clean RGB images; returns L2-normalised float32 ``(n, d)``. Raises NoRegion."""
        return self.encode_crops(list(self._pool.map(self.crop, images)))

    def encode_crops(self, crops: Sequence[Crop]) -> Matrix:
        """Embed what ``crop`` made of images elsewhere; as ``encode_images``."""
        batches = [crops[at : at + _BATCH] for at in range(0, len(crops), _BATCH)]
        rows = [self.forward_images(batch) for batch in batches]
        return normalise(np.concatenate([np.empty((0, DIMENSION), np.float32), *rows]))

    def encode_texts(self, texts: Sequence[str]) -> Matrix:
        """Raise TextsUnsupported: a drawing's shape has no words."""
        raise texts_unsupported(self.spec)

    def read_texts(self, texts: Sequence[str]) -> list[TextRead]:
        """Raise TextsUnsupported: a drawing's shape has no words."""
        raise texts_unsupported(self.spec)

    def crop(self, image: Image.Image) -> Crop:
        """Return all looks at the ink of an image, bytes ``(b,)``. Raises NoRegion where there is
        none.
        """
        ink = _ink_of(image)
        return prepare(ink.pixels, ink.stroke)

    def forward_images(self, crops: Sequence[Crop], *, alone: bool = True) -> Matrix:
        """Run the network; the rows ``(n, d)`` are not normalised. ``alone`` on all threads, else
        on one.
        """
        return self._session(self._threads if alone else 1)(np.stack(crops))

    def inspect(self, image: Image.Image, box: Box | None = None) -> tuple[QualityWarning, ...]:
        """Return what is wrong with an image, or with what is in a box of it, as a drawing. Raises
        NoRegion where there is no ink at all.
        """
        return ink_warnings(_ink_of(PhotoRegion(image, box).cut(AROUND)))

    def find_regions(self, image: Image.Image) -> Findings:
        """Find the marks of a page that stand apart, the largest first; none on an empty one."""
        return first_regions(find_marks(image))

    def main_region(self, image: Image.Image) -> FoundRegion:
        """Return where the ink is. Raises NoRegion where there is none."""
        edges = ink_box(image)
        if edges is None:
            raise _no_ink()
        left, top, right, bottom = edges
        return FoundRegion(Box(left, top, max(right - left, 1), max(bottom - top, 1)))

    def crop_regions(self, image: Image.Image, boxes: Sequence[Box]) -> list[Crop | NoRegion]:
        """Return all looks at the ink of each box; NoRegion of one without ink."""
        return list(self._pool.map(self._crop_or_error, [PhotoRegion(image, box) for box in boxes]))

    def _crop_or_error(self, region: PhotoRegion) -> Crop | NoRegion:
        try:
            return self.crop(region.cut(AROUND))
        except NoRegion as error:
            return error

    def cohort(self) -> Matrix:
        """Embed drawings of things that nobody enrols ``(n, d)``."""
        return self.encode_images(list(cohort_images()))

    def _session(self, threads: int) -> Session:
        return self._sessions(self._path, threads)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="ink")


def _ink_of(image: Image.Image) -> Ink:
    ink = read_ink(image)
    if ink is None:
        raise _no_ink()
    return ink


def _no_ink() -> NoRegion:
    return NoRegion(
        "No ink was found: nothing stands out from the ground. Upload a drawing with dark "
        "lines on light paper, or light ones on dark, evenly lit."
    )
