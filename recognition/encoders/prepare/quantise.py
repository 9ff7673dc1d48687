"""Exported towers in 8 bits: weights a quarter as large, and faster where a processor has
instructions for it (VNNI on x86, dot products on ARM).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from recognition.core.types import EncoderSpec
from recognition.encoders.contents import record_contents
from recognition.encoders.onnx.encoder import OnnxEncoder
from recognition.encoders.onnx.exported import (
    IMAGE_TOWER,
    TEXT_TOWER,
    TOKENIZER,
    Exported,
    Refused,
    export_folder,
)
from recognition.encoders.prepare.parity import best_batch, images, lowest_cosine
from recognition.encoders.prepare.placing import placed
from recognition.encoders.protocol import Crop

REQUIRED_COSINE = 0.9
REDUCED = True
"""Weights use 7 of their 8 bits: x86 processors without VNNI add up products in 16 bits, which full
weights overflow, and an encoder's embeddings must not depend on the processor."""

SPARED = 8
"""A convolutional tower's first convolutions stay as they are: they cost little, and what they
lose is lost to all others (the bundled encoder keeps a cosine of 0.99 with them, 0.84 without)."""


def quantise(spec: EncoderSpec, whole: Exported, *, models_dir: Path) -> Exported | Refused:
    """Write both towers in 8 bits under ``spec``'s fingerprint, or the reason why not.

    The record's cosine is the lowest to the whole encoder's embeddings of photos and texts.
    """
    return placed(
        export_folder(models_dir, spec.fingerprint), lambda folder: _made(spec, whole, folder)
    )


def _made(spec: EncoderSpec, whole: Exported, folder: Path) -> Exported | Refused:
    shutil.copy(whole.folder / TOKENIZER, folder / TOKENIZER)
    encoder = OnnxEncoder(spec, whole)
    convolutions = _convolutions(whole.folder / IMAGE_TOWER)
    if len(convolutions) > SPARED:
        _calibrated(whole.folder / IMAGE_TOWER, folder / IMAGE_TOWER, convolutions, encoder)
    else:
        _multiplications(whole.folder / IMAGE_TOWER, folder / IMAGE_TOWER)
    _multiplications(whole.folder / TEXT_TOWER, folder / TEXT_TOWER)
    made = replace(whole, folder=folder)
    record_contents(folder)
    cosine = lowest_cosine(encoder, OnnxEncoder(spec, made))
    if cosine < REQUIRED_COSINE:
        return Refused(f"in 8 bits its embeddings are others: cosine {cosine:.3f}")
    return replace(made, cosine=cosine, batch=best_batch(OnnxEncoder(spec, made, threads=1)))


def _convolutions(path: Path) -> list[str]:
    import onnx

    return [node.name for node in onnx.load(path).graph.node if node.op_type == "Conv"]


def _multiplications(source: Path, target: Path) -> None:
    """Of a transformer: the ranges of activations are found anew for each batch."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul", "Gemm"],
        per_channel=True,
        reduce_range=REDUCED,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )


def _calibrated(source: Path, target: Path, convolutions: list[str], encoder: OnnxEncoder) -> None:
    """Of a convolutional network: the ranges are those that photos have, averaged."""
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    folded = target.with_suffix(".folded")
    quant_pre_process(source, folded, skip_symbolic_shape=True)
    quantize_static(
        folded,
        target,
        _Photos(encoder),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv"],
        nodes_to_quantize=convolutions[SPARED:],
        per_channel=True,
        reduce_range=REDUCED,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        extra_options={"CalibMovingAverage": True},
    )
    folded.unlink()


class _Photos:
    """ONNX Runtime's ``CalibrationDataReader``: one photo a batch."""

    def __init__(self, encoder: OnnxEncoder) -> None:
        self._crops = (encoder.crop(shown) for image in images() for shown in _looks(image))

    def get_next(self) -> dict[str, Any] | None:
        crop: Crop | None = next(self._crops, None)
        return None if crop is None else {"batch": crop[np.newaxis]}


def _looks(image: Image.Image) -> Iterator[Image.Image]:
    yield image
    yield image.transpose(Image.Transpose.ROTATE_90)
    width, height = image.size
    yield image.crop((width // 4, height // 4, width - width // 4, height - height // 4))
