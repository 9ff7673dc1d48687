"""What an encoder does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PIL import Image

from recognition.types import EncoderSpec, Matrix


class Encoder(Protocol):
    """A dual encoder: images and texts into one joint space."""

    @property
    def spec(self) -> EncoderSpec: ...

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix:
        """Embed clean RGB images; returns L2-normalised float32 ``(n, d)``."""
        ...

    def encode_texts(self, texts: Sequence[str]) -> Matrix:
        """Embed texts as they are; returns L2-normalised float32 ``(n, d)``."""
        ...
