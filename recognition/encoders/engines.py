"""Which engine runs an encoder: ONNX Runtime on a processor, torch elsewhere."""

from __future__ import annotations

import ctypes
import logging
from enum import StrEnum
from pathlib import Path

from recognition.core.errors import EngineUnavailable
from recognition.core.program import PROGRAM
from recognition.encoders.clip.hub_cache import HUB_FOLDER
from recognition.encoders.clip.pixel_encoder import PixelEncoder
from recognition.encoders.clip.records import Prepared
from recognition.encoders.clip.torch_encoder import OpenClipEncoder
from recognition.encoders.onnx.encoder import OnnxEncoder
from recognition.encoders.onnx.exported import Exported, Refused, read_export
from recognition.encoders.precision import Precision
from recognition.encoders.protocol import DualEncoder

logger = logging.getLogger(__name__)


class Engine(StrEnum):
    """A runtime for an encoder; its embeddings are the same within the parity that was checked."""

    AUTO = "auto"
    TORCH = "torch"
    ONNX = "onnx"


def run_encoder(
    prepared: Prepared, engine: Engine, *, models_dir: Path, device: str, threads: int
) -> DualEncoder:
    """Run the encoder on the engine asked for; ``auto`` takes ONNX Runtime on a processor where the
    encoder was exported, and says so where that was refused.

    An encoder of images alone has no other engine, and runs on a processor wherever others do.
    Raises EngineUnavailable where ONNX Runtime was asked for and cannot be had.
    """
    images_alone = not prepared.spec.reads_texts
    if images_alone or engine is Engine.ONNX or prepared.precision is Precision.INT8:
        if engine is Engine.TORCH:
            raise EngineUnavailable(f"{prepared.spec.name} runs on ONNX Runtime, not on torch.")
        found = _required(prepared, models_dir, "cpu" if images_alone else device)
        return OnnxEncoder(prepared.spec, found, threads=threads)
    if prepared.precision is Precision.BF16 or has_cuda(device):
        return _from_pixels(prepared, models_dir, device, threads)
    if engine is Engine.AUTO:
        match read_export(models_dir, prepared.spec.fingerprint):
            case Exported() as exported:
                return OnnxEncoder(prepared.spec, exported, threads=threads)
            case Refused(reason):
                logger.warning(
                    "%s runs on torch, not on ONNX Runtime: %s", prepared.spec.name, reason
                )
    return OpenClipEncoder(
        prepared, cache_dir=models_dir / HUB_FOLDER, device=device, threads=threads
    )


def _from_pixels(prepared: Prepared, models_dir: Path, device: str, threads: int) -> DualEncoder:
    """On torch with the preprocessing that was checked, if it was."""
    whole = prepared.whole or prepared.spec
    hub_folder = models_dir / HUB_FOLDER
    match read_export(models_dir, whole.fingerprint):
        case Exported(preprocessing=preprocessing):
            return PixelEncoder(
                prepared,
                preprocessing,
                cache_dir=hub_folder,
                device=device,
                threads=threads,
            )
    if prepared.precision is not Precision.FULL:
        raise EngineUnavailable(
            f"{prepared.spec.name} needs an export of {whole.name}; prepare it."
        )
    return OpenClipEncoder(prepared, cache_dir=hub_folder, device=device, threads=threads)


def _required(prepared: Prepared, models_dir: Path, device: str) -> Exported:
    if device == "cuda":
        raise EngineUnavailable("The engine onnx runs on a processor; on cuda, choose torch.")
    match read_export(models_dir, prepared.spec.fingerprint):
        case Exported() as exported:
            return exported
        case Refused(reason):
            raise EngineUnavailable(f"ONNX Runtime cannot run {prepared.spec.name}: {reason}.")
    raise EngineUnavailable(
        f"{prepared.spec.name} was not exported yet; “{PROGRAM} encoder prepare "
        f"{prepared.spec.name}” does it."
    )


def has_cuda(device: str) -> bool:
    """Say whether torch would run on CUDA; torch itself is asked only where there is a driver."""
    if device != "auto":
        return device == "cuda"
    try:
        ctypes.CDLL("libcuda.so.1")
    except OSError:
        return False
    import torch

    return bool(torch.cuda.is_available())
