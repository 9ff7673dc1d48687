"""An encoder that is shown several looks at an image where that tells it more."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Protocol

from PIL import Image

from recognition.core.regions import Box, Findings, FoundRegion
from recognition.core.types import Domain, EncoderSpec, Matrix, QualityWarning
from recognition.encoders.batching.pipeline import ImageLoader
from recognition.encoders.protocol import InspectingEncoder
from recognition.encoders.text_reading import TextRead
from recognition.images.regions import PhotoRegion
from recognition.images.views import VERSION, pool, views


def multi_view_spec(spec: EncoderSpec) -> EncoderSpec:
    """Return an encoder's spec with another fingerprint, since its embeddings of images are others.

    An encoder that was made for one domain prepares images itself, and is left as it is.
    """
    if spec.domain is not Domain.GENERAL:
        return spec
    digest = hashlib.sha256(f"{spec.fingerprint} looks {VERSION}".encode())
    return replace(spec, fingerprint=digest.hexdigest())


class ImageLoadingEncoder(InspectingEncoder, Protocol):
    """An encoder that makes the images that it embeds, several at a time."""

    def encode_loaded(self, loaders: Sequence[ImageLoader]) -> Matrix: ...


class MultiViewEncoder:
    """Embeds the mean of an image's views (see ``recognition.images.views``)."""

    def __init__(self, encoder: ImageLoadingEncoder) -> None:
        self._encoder = encoder
        self.spec = multi_view_spec(encoder.spec)

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix:
        shown = [views(image) for image in images]
        embeddings = self._encoder.encode_loaded(list(chain.from_iterable(shown)))
        return pool(embeddings, [len(each) for each in shown])

    def encode_regions(self, regions: Sequence[PhotoRegion]) -> Matrix:
        return self.encode_images([region.cut() for region in regions])

    def find_regions(self, image: Image.Image) -> Findings:
        return self._encoder.find_regions(image)

    def main_region(self, image: Image.Image) -> FoundRegion:
        return self._encoder.main_region(image)

    def encode_texts(self, texts: Sequence[str]) -> Matrix:
        return self._encoder.encode_texts(texts)

    def read_texts(self, texts: Sequence[str]) -> list[TextRead]:
        return self._encoder.read_texts(texts)

    def inspect(self, image: Image.Image, box: Box | None = None) -> tuple[QualityWarning, ...]:
        return self._encoder.inspect(image, box)

    def cohort(self) -> Matrix:
        return self._encoder.cohort()


def with_views(encoder: ImageLoadingEncoder) -> InspectingEncoder:
    """Return the encoder as galleries use it: a general one is shown the views of each image."""
    return MultiViewEncoder(encoder) if encoder.spec.domain is Domain.GENERAL else encoder
