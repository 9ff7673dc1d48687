"""The bare loops: what somebody would write in ten lines, and no less."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from recognition.encoders.clip.loading import LoadedModel
from recognition.encoders.onnx.exported import IMAGE_TOWER, TEXT_TOWER, TOKENIZER, Exported


def decoded(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


class TorchLoop:
    """open_clip as its README shows it, under autocast where the encoder is in bf16."""

    def __init__(self, loaded: LoadedModel, *, bf16: bool = False) -> None:
        self.device = loaded.device
        self.preprocess = loaded.preprocess
        self._loaded = loaded
        self._bf16 = bf16

    def images(self, images: Sequence[Image.Image]) -> Any:
        return self.forward(self.pixels(images))

    def pixels(self, images: Sequence[Image.Image]) -> Any:
        """A batch where the model is."""
        import torch

        return torch.stack([self.preprocess(image) for image in images]).to(self.device)

    def forward(self, pixels: Any) -> Any:
        return self._run(self._loaded.model.encode_image, pixels)

    def texts(self, texts: list[str]) -> Any:
        tokens = self._loaded.tokenize(texts).to(self.device)
        return self._run(self._loaded.model.encode_text, tokens)

    def _run(self, tower: Callable[[Any], Any], batch: Any) -> Any:
        import torch

        autocast = torch.autocast(self.device, torch.bfloat16, enabled=self._bf16)
        with torch.inference_mode(), autocast:
            return torch.nn.functional.normalize(tower(batch), dim=-1).cpu()


class OnnxLoop:
    """ONNX Runtime with its own defaults on the exported towers."""

    def __init__(self, exported: Exported, *, threads: int) -> None:
        if exported.tokenizing is None:
            raise TypeError("An encoder of images alone is not compared.")
        self._exported = exported
        self._image, self._text = (
            _session(exported.folder / name, threads) for name in (IMAGE_TOWER, TEXT_TOWER)
        )
        self._tokenize = exported.tokenizing.load(exported.folder / TOKENIZER)

    def images(self, images: Sequence[Image.Image]) -> Any:
        return self.forward(self.pixels(images))

    def pixels(self, images: Sequence[Image.Image]) -> Any:
        return np.stack([self._exported.preprocessing.crop(image) for image in images])

    def forward(self, pixels: Any) -> Any:
        return self._image(pixels)

    def texts(self, texts: list[str]) -> Any:
        return self._text(self._tokenize(texts))


def _session(path: Path, threads: int) -> Callable[[Any], Any]:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(batch: Any) -> Any:
        [rows] = session.run(None, {"batch": batch})
        return rows / np.linalg.norm(rows, axis=-1, keepdims=True)

    return run
