"""An encoder run by open_clip on torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from PIL import Image

from recognition.encoders.loading import LoadedModel, load_model
from recognition.encoders.normalising import normalise, refuse_blank
from recognition.encoders.records import Prepared
from recognition.types import EncoderSpec, Matrix

if TYPE_CHECKING:
    from torch import Tensor

_BATCH = 32
_Item = TypeVar("_Item")


class OpenClipEncoder:
    """Any open_clip model, loaded at its first use, once, whoever asks; safe to share by threads.

    ``threads`` is torch's for the whole process; 0 leaves it alone.
    """

    def __init__(
        self, prepared: Prepared, *, cache_dir: Path, device: str = "auto", threads: int = 0
    ) -> None:
        self._prepared = prepared
        self._cache_dir = cache_dir
        self._device = device
        self._threads = threads
        self._loaded: LoadedModel | None = None
        self._load_lock = Lock()
        self._tokenizer_lock = Lock()

    @property
    def spec(self) -> EncoderSpec:
        return self._prepared.spec

    def load(self) -> LoadedModel:
        """Load the weights now rather than at the first use. Raises WeightsUnavailable."""
        with self._load_lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix:
        """Embed clean RGB images; returns L2-normalised float32 ``(n, d)``. Raises VectorError."""
        return self._encode(images, self._forward_images)

    def encode_texts(self, texts: Sequence[str]) -> Matrix:
        """Embed texts as they are; returns L2-normalised float32 ``(n, d)``.

        What exceeds the model's context is cut off. Raises InvalidInput for a blank text.
        """
        refuse_blank(texts)
        return self._encode(texts, self._forward_texts)

    def _load(self) -> LoadedModel:
        import torch

        if self._threads:
            torch.set_num_threads(self._threads)
        return load_model(self._prepared.files, cache_dir=self._cache_dir, device=self._device)

    def _encode(
        self, items: Sequence[_Item], forward: Callable[[Sequence[_Item]], Tensor]
    ) -> Matrix:
        import torch

        with torch.inference_mode():
            rows = [forward(batch).float().cpu().numpy() for batch in _batches(items)]
        return normalise(np.concatenate([np.empty((0, self.spec.dimension), np.float32), *rows]))

    def _forward_images(self, images: Sequence[Image.Image]) -> Tensor:
        import torch

        loaded = self.load()
        pixels = torch.stack([loaded.preprocess(image) for image in images])
        return loaded.model.encode_image(pixels.to(loaded.device))

    def _forward_texts(self, texts: Sequence[str]) -> Tensor:
        loaded = self.load()
        with self._tokenizer_lock:  # a fast tokenizer refuses to be used twice at once
            tokens = loaded.tokenize(list(texts))
        return loaded.model.encode_text(tokens.to(loaded.device))


def _batches(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """Runs of bounded length, so that memory stays bounded."""
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
