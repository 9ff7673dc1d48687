"""An encoder that many may use at once."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as WaitedTooLong
from dataclasses import dataclass
from functools import partial
from threading import Lock

import numpy as np
from PIL import Image

from recognition.core.cores import core_count
from recognition.core.errors import DeadlineExceeded
from recognition.core.regions import Box, Findings, FoundRegion
from recognition.core.types import EncoderSpec, Matrix, QualityWarning, Vector
from recognition.encoders.batching.cache import VectorCache
from recognition.encoders.batching.pipeline import ImageLoader, Pipeline, seconds_from_now
from recognition.encoders.batching.regions import find_regions, main_region, region_loaders
from recognition.encoders.normalising import refuse_blank
from recognition.encoders.protocol import DomainInspector, DualEncoder
from recognition.encoders.text_reading import TextRead
from recognition.images.quality import image_warnings
from recognition.images.regions import PhotoRegion

_TEXTS = 10_000
_GRACE = 1.0
"""Seconds beyond its deadline in which an item's own error arrives."""


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """The most that an encoder lets come: images that wait, seconds that one may take, and
    embeddings of images that are remembered.
    """

    capacity: int = 128
    seconds: float = 30.0
    remembered: int = 4096


class QueuedEncoder:
    """Any encoder behind a pipeline; texts are remembered, images too where the load says so.

    Bulk work goes through ``bulk``, and gives way to everybody else.
    """

    def __init__(self, dual_encoder: DualEncoder, load: QueueLimits) -> None:
        self._dual_encoder = dual_encoder
        self._load = load
        self._images = VectorCache(load.remembered)
        self._texts = VectorCache(_TEXTS)
        self._text_lock = Lock()
        self._pipeline = Pipeline(
            dual_encoder, cache=self._images, capacity=load.capacity, decoders=core_count()
        )
        atexit.register(self.close)

    @property
    def spec(self) -> EncoderSpec:
        return self._dual_encoder.spec

    @property
    def dual_encoder(self) -> DualEncoder:
        return self._dual_encoder

    @property
    def bulk(self) -> BulkEncoder:
        """Return this encoder for work that nobody waits for."""
        return BulkEncoder(self)

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix:
        """Embed clean RGB images; returns L2-normalised float32 ``(n, d)``.

        Raises VectorError, EncoderBusy, DeadlineExceeded.
        """
        return self.encode_loaded(_loaders(images))

    def encode_loaded(self, loaders: Sequence[ImageLoader], *, bulk: bool = False) -> Matrix:
        """Embed images that are yet to be decoded or made, which is done several at a time.

        Raises as ``encode_images``, and what a loader raises.
        """
        if not bulk and (futures := self._pipeline.run_now(loaders)):
            return np.stack([future.result() for future in futures])
        deadline = seconds_from_now(float("inf") if bulk else self._load.seconds)
        bite = max(1, self._load.capacity // 2)
        rows: list[Vector] = []
        for start in range(0, len(loaders), bite):
            rows += self._encode_bite(loaders[start : start + bite], deadline, bulk=bulk)
        return np.stack(rows) if rows else np.empty((0, self.spec.dimension), np.float32)

    def _encode_bite(
        self, loaders: Sequence[ImageLoader], deadline: float, *, bulk: bool
    ) -> list[Vector]:
        """No more at a time than fits in the queue beside others, however many views there are."""
        futures: list[Future[Vector]] = []
        try:
            for loader in loaders:
                futures.append(self._pipeline.submit(loader, deadline=deadline, bulk=bulk))
            return [_wait(future, deadline) for future in futures]
        except BaseException:
            for future in futures:
                future.cancel()
            raise

    def submit(
        self, open_image: ImageLoader, *, seconds: float, bulk: bool = False
    ) -> Future[Vector]:
        """Queue an image that is yet to be decoded, within so many seconds, and return its
        embedding to come.

        Raises EncoderBusy; the future raises what decoding raised, VectorError, DeadlineExceeded.
        """
        return self._pipeline.submit(open_image, deadline=seconds_from_now(seconds), bulk=bulk)

    def encode_texts(self, texts: Sequence[str]) -> Matrix:
        """Embed texts as they are; returns L2-normalised float32 ``(n, d)``. Raises InvalidInput
        for a blank text.
        """
        refuse_blank(texts)
        keys = [self._texts.key_of(text.encode()) for text in texts]
        found = {key: vector for key in keys if (vector := self._texts.get(key)) is not None}
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if new:
            with self._text_lock:
                rows = self._dual_encoder.encode_texts(list(new.values()))
            for key, row in zip(new, rows, strict=True):
                self._texts.put(key, row)
                found[key] = row
        empty = np.empty((0, self.spec.dimension), np.float32)
        return np.stack([found[key] for key in keys]) if keys else empty

    def read_texts(self, texts: Sequence[str]) -> list[TextRead]:
        """Return how much of each text is read; an empty list where that is not known."""
        return self._dual_encoder.read_texts(texts)

    def encode_regions(self, regions: Sequence[PhotoRegion]) -> Matrix:
        """Embed regions of clean RGB images; returns L2-normalised float32 ``(n, d)``.

        Raises as ``encode_images``, and NoRegion.
        """
        return self.encode_loaded(region_loaders(self._dual_encoder, regions))

    def find_regions(self, image: Image.Image) -> Findings:
        """Find what stands apart in an image. Raises RegionsUnsupported."""
        return find_regions(self._dual_encoder, image)

    def main_region(self, image: Image.Image) -> FoundRegion:
        """Return the region that ``encode_images`` embeds. Raises NoRegion."""
        return main_region(self._dual_encoder, image)

    def inspect(self, image: Image.Image, box: Box | None = None) -> tuple[QualityWarning, ...]:
        """Warn of what is wrong with an image, or with what is in a box of it, as the encoder's
        domain sees it or as a photo.

        Raises NoRegion.
        """
        if isinstance(self._dual_encoder, DomainInspector):
            return self._dual_encoder.inspect(image, box)
        return image_warnings(PhotoRegion(image, box).cut())

    def cohort(self) -> Matrix:
        """Embed many different things of the encoder's domain ``(n, d)``; none of a general one."""
        if isinstance(self._dual_encoder, DomainInspector):
            return self._dual_encoder.cohort()
        return np.empty((0, self.spec.dimension), np.float32)

    def close(self) -> None:
        """Finish what is queued and let nothing more in."""
        self._pipeline.close()


class BulkEncoder:
    """A queued encoder for work that gives way."""

    def __init__(self, encoder: QueuedEncoder) -> None:
        self._encoder = encoder
        self.spec = encoder.spec

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix:
        return self.encode_loaded(_loaders(images))

    def encode_loaded(self, loaders: Sequence[ImageLoader]) -> Matrix:
        return self._encoder.encode_loaded(loaders, bulk=True)

    def encode_texts(self, texts: Sequence[str]) -> Matrix:
        return self._encoder.encode_texts(texts)

    def encode_regions(self, regions: Sequence[PhotoRegion]) -> Matrix:
        return self.encode_loaded(region_loaders(self._encoder.dual_encoder, regions))

    def read_texts(self, texts: Sequence[str]) -> list[TextRead]:
        return self._encoder.read_texts(texts)

    def find_regions(self, image: Image.Image) -> Findings:
        return self._encoder.find_regions(image)

    def main_region(self, image: Image.Image) -> FoundRegion:
        return self._encoder.main_region(image)

    def inspect(self, image: Image.Image, box: Box | None = None) -> tuple[QualityWarning, ...]:
        return self._encoder.inspect(image, box)

    def cohort(self) -> Matrix:
        return self._encoder.cohort()


def _loaders(images: Sequence[Image.Image]) -> list[ImageLoader]:
    return [partial(_given, image) for image in images]


def _given(image: Image.Image) -> Image.Image:
    return image


def _wait(future: Future[Vector], deadline: float) -> Vector:
    left = deadline - seconds_from_now(0)
    try:
        return future.result(None if left == float("inf") else max(left, 0.0) + _GRACE)
    except (WaitedTooLong, CancelledError):
        raise DeadlineExceeded("The image was not encoded in time. Send it again.") from None
