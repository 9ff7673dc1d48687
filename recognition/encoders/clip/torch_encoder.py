"""An encoder run by open_clip on torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from PIL import Image

from recognition.core.types import EncoderSpec, Matrix
from recognition.encoders.clip.loading import LoadedModel, load_model
from recognition.encoders.clip.records import Prepared
from recognition.encoders.normalising import normalise, refuse_blank
from recognition.encoders.protocol import Crop
from recognition.encoders.text_reading import TextRead

if TYPE_CHECKING:
    from torch import Tensor

_BATCH = 32
_LINGER = 0.003
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

    @property
    def batch(self) -> int:
        """Return how many images are best run together."""
        return _BATCH

    @property
    def parallel(self) -> int:
        """Return how many batches are best run at the same time: torch itself uses all threads for
        one.
        """
        return 1

    @property
    def linger(self) -> float:
        return _LINGER

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix:
        """Embed clean RGB images; returns L2-normalised float32 ``(n, d)``. Raises VectorError."""
        return self._encode(images, lambda batch: self._run_images(list(map(self.crop, batch))))

    def encode_texts(self, texts: Sequence[str]) -> Matrix:
        """Embed texts as they are; returns L2-normalised float32 ``(n, d)``.

        What exceeds the model's context is cut off. Raises InvalidInput for a blank text.
        """
        refuse_blank(texts)
        return self._encode(texts, self._run_texts)

    def read_texts(self, texts: Sequence[str]) -> list[TextRead]:
        """Return how much of each text is read; an empty list where open_clip's tokenizer does not
        tell.
        """
        read = self._read
        return [read(text) for text in texts] if read else []

    def crop(self, image: Image.Image) -> Crop:
        """Return what the image tower takes of an image, by open_clip's own transform."""
        return self.load().preprocess(image).numpy()

    def forward_images(self, crops: Sequence[Crop], *, alone: bool = True) -> Matrix:
        """Run the image tower; the rows ``(n, d)`` are not normalised. Every batch takes all
        threads, ``alone`` or not.
        """
        import torch

        with torch.inference_mode():
            return _array(self._run_images(crops))

    @cached_property
    def _read(self) -> Callable[[str], TextRead] | None:
        from tokenizers import Tokenizer

        from recognition.encoders.clip.tokenizer import plain_tokenizer

        with self._tokenizer_lock:
            try:
                tokenizer, tokenizing = plain_tokenizer(self.load().tokenize, trimmed=False)
            except ValueError:
                return None
            return tokenizing.reader(Tokenizer.from_str(tokenizer.to_str()))

    def _load(self) -> LoadedModel:
        import torch

        self._prepared.check()
        if self._threads:
            torch.set_num_threads(self._threads)
        return load_model(self._prepared.files, cache_dir=self._cache_dir, device=self._device)

    def _encode(self, items: Sequence[_Item], run: Callable[[Sequence[_Item]], Tensor]) -> Matrix:
        import torch

        with torch.inference_mode():
            rows = [_array(run(batch)) for batch in _batches(items, self.batch)]
        return normalise(np.concatenate([np.empty((0, self.spec.dimension), np.float32), *rows]))

    def _run_images(self, crops: Sequence[Crop]) -> Tensor:
        import torch

        loaded = self.load()
        return loaded.model.encode_image(torch.from_numpy(np.stack(crops)).to(loaded.device))

    def _run_texts(self, texts: Sequence[str]) -> Tensor:
        loaded = self.load()
        with self._tokenizer_lock:  # a fast tokenizer refuses to be used twice at once
            tokens = loaded.tokenize(list(texts))
        return loaded.model.encode_text(tokens.to(loaded.device))


def _array(rows: Tensor) -> Matrix:
    found: Matrix = rows.float().cpu().numpy()
    return found


def _batches(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    """Runs of bounded length, so that memory stays bounded."""
    return (items[start : start + size] for start in range(0, len(items), size))
