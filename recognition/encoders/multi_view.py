"""An encoder that is shown several looks at an image where that tells it more."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Protocol

from PIL import Image

from recognition.core.types import EncoderSpec, Matrix
from recognition.encoders.batching.pipeline import Opener
from recognition.encoders.protocol import Encoder
from recognition.encoders.text_reading import TextRead
from recognition.images.views import VERSION, pool, views


def looking(spec: EncoderSpec) -> EncoderSpec:
    """The same encoder, known by another fingerprint: its embeddings of images are others."""
    digest = hashlib.sha256(f"{spec.fingerprint} looks {VERSION}".encode())
    return replace(spec, fingerprint=digest.hexdigest())


class Opening(Encoder, Protocol):
    """An encoder that makes the images that it embeds, several at a time."""

    def encode_opened(self, openers: Sequence[Opener]) -> Matrix: ...


class LookingEncoder:
    """Embeds the mean of an image's views (see ``recognition.images.views``)."""

    def __init__(self, encoder: Opening) -> None:
        self._encoder = encoder
        self.spec = looking(encoder.spec)

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix:
        shown = [views(image) for image in images]
        embeddings = self._encoder.encode_opened(list(chain.from_iterable(shown)))
        return pool(embeddings, [len(each) for each in shown])

    def encode_texts(self, texts: Sequence[str]) -> Matrix:
        return self._encoder.encode_texts(texts)

    def read_texts(self, texts: Sequence[str]) -> list[TextRead]:
        return self._encoder.read_texts(texts)
