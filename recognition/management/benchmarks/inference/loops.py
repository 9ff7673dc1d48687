"""The bare loops: what somebody would write in ten lines, and no less."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from recognition.encoders.loading import LoadedModel
from recognition.encoders.onnx.exported import IMAGE_TOWER, TEXT_TOWER, TOKENIZER, Exported


def decoded(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


class TorchLoop:
    """open_clip as its README shows it."""

    def __init__(self, loaded: LoadedModel) -> None:
        self._loaded = loaded

    def images(self, images: Sequence[Image.Image]) -> Any:
        import torch

        with torch.inference_mode():
            batch = torch.stack([self._loaded.preprocess(image) for image in images])
            return self._forward(batch.to(self._loaded.device)).cpu()

    def texts(self, texts: list[str]) -> Any:
        import torch

        with torch.inference_mode():
            rows = self._loaded.model.encode_text(
                self._loaded.tokenize(texts).to(self._loaded.device)
            )
            return torch.nn.functional.normalize(rows, dim=-1).cpu()

    def _forward(self, batch: Any) -> Any:
        import torch

        return torch.nn.functional.normalize(self._loaded.model.encode_image(batch), dim=-1)


class OnnxLoop:
    """ONNX Runtime with its own defaults on the exported towers."""

    def __init__(self, exported: Exported, *, threads: int) -> None:
        self._exported = exported
        self._image, self._text = (
            _session(exported.folder / name, threads) for name in (IMAGE_TOWER, TEXT_TOWER)
        )
        self._tokenize = exported.tokenizing.load(exported.folder / TOKENIZER)

    def images(self, images: Sequence[Image.Image]) -> Any:
        return self._image(np.stack([self._exported.preprocessing.crop(image) for image in images]))

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
