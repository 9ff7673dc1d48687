"""open_clip on torch from 8-bit pixels: on a GPU, and in reduced precision."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from recognition.core.types import Matrix
from recognition.encoders.clip.loading import LoadedModel
from recognition.encoders.clip.records import Prepared
from recognition.encoders.clip.torch_encoder import OpenClipEncoder
from recognition.encoders.precision import Precision
from recognition.encoders.preprocessing import Preprocessing
from recognition.encoders.protocol import Crop

if TYPE_CHECKING:
    from torch import Tensor, nn

SHAPES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
"""Batches are filled up to one of these, so that a GPU's kernels are chosen once for each."""


class PixelEncoder(OpenClipEncoder):
    """Sends a quarter of the bytes that floats would take, from pinned memory and without waiting,
    and scales and shifts where the model is.

    ``preprocessing`` is the one that the encoder's export was checked with.
    """

    def __init__(
        self,
        prepared: Prepared,
        preprocessing: Preprocessing,
        *,
        cache_dir: Path,
        device: str = "auto",
        threads: int = 0,
    ) -> None:
        super().__init__(prepared, cache_dir=cache_dir, device=device, threads=threads)
        self.preprocessing = preprocessing

    @property
    def batch(self) -> int:
        return SHAPES[-1] if self._on_gpu else super().batch

    @property
    def parallel(self) -> int:
        """Return how many batches are best run at the same time: on a GPU, one is gathered and sent
        while another is computed.
        """
        return 2 if self._on_gpu else super().parallel

    def crop(self, image: Image.Image) -> Crop:
        return self.preprocessing.crop(image)

    def encode_crops(self, crops: Sequence[Crop]) -> Matrix:
        """Embed what ``crop`` made of images elsewhere; as ``encode_images``."""
        return self._encode(crops, self._run_images)

    def _load(self) -> LoadedModel:
        loaded = super()._load()
        if loaded.device == "cuda":
            _round_nothing()
        return loaded

    @property
    def _on_gpu(self) -> bool:
        return self.load().device == "cuda"

    @cached_property
    def _tower(self) -> nn.Module:
        """Convolutions are fastest with the channels last, which is how pixels come."""
        import torch

        from recognition.encoders.clip.towers import ImageTower

        loaded = self.load()
        tower = ImageTower.of(loaded.model).to(loaded.device)
        if self._on_gpu:
            tower.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return tower

    def _run_images(self, crops: Sequence[Crop]) -> Tensor:
        with self._autocast():
            rows: Tensor = self._tower(self._sent(crops))
        return rows[: len(crops)]

    def _sent(self, crops: Sequence[Crop]) -> Tensor:
        import torch

        if not self._on_gpu:
            return torch.from_numpy(np.stack(crops))
        return filled(crops, pinned=True).to("cuda", non_blocking=True)

    def _run_texts(self, texts: Sequence[str]) -> Tensor:
        with self._autocast():
            return super()._run_texts(texts)

    def _autocast(self) -> AbstractContextManager[object]:
        import torch

        reduced = self._prepared.precision is Precision.BF16
        return torch.autocast(self.load().device, dtype=torch.bfloat16, enabled=reduced)


def filled(crops: Sequence[Crop], *, pinned: bool) -> Tensor:
    """Stack crops ``(height, width, 3)`` as one batch, with black images behind them up to the next
    of ``SHAPES``; ``pinned`` memory can be read by a GPU while the processor goes on.
    """
    import torch

    count = next(size for size in SHAPES if size >= len(crops))
    pixels = torch.empty((count, *crops[0].shape), dtype=torch.uint8, pin_memory=pinned)
    np.stack(crops, out=pixels.numpy()[: len(crops)])
    pixels[len(crops) :] = 0
    return pixels


def _round_nothing() -> None:
    """A GPU's convolutions of 32 bits keep them. Trying all kernels for each shape is not worth it:
    batches of the bundled encoder took as long, and the first of each shape seconds longer.
    """
    import torch

    torch.backends.cudnn.allow_tf32 = False
