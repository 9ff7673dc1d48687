"""Export an encoder's towers from open_clip to ONNX, once."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recognition.core.types import EncoderSpec
from recognition.encoders.clip.loading import LoadedModel
from recognition.encoders.clip.records import Prepared
from recognition.encoders.clip.torch_encoder import OpenClipEncoder
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
from recognition.encoders.prepare.parity import best_batch, lowest_cosine
from recognition.encoders.prepare.placing import placed
from recognition.encoders.preprocessing import Preprocessing

if TYPE_CHECKING:
    from torch import Tensor, nn

REQUIRED_COSINE = 0.9999
OPSET = 18


def export(prepared: Prepared, *, models_dir: Path, cache_dir: Path) -> Exported | Refused:
    """Write both towers and the tokenizer under the encoder's fingerprint, or the reason why not.

    What they make of real photos and texts must equal what torch makes of them. Whoever calls
    holds the lock of the models folder. Raises WeightsUnavailable.
    """
    torch_encoder = OpenClipEncoder(prepared, cache_dir=cache_dir, device="cpu")
    loaded = torch_encoder.load()
    return placed(
        export_folder(models_dir, prepared.spec.fingerprint),
        lambda folder: checked(
            prepared.spec, _write(loaded, folder), partial(lowest_cosine, torch_encoder)
        ),
    )


def checked(
    spec: EncoderSpec, exported: Exported, agreement: Callable[[OnnxEncoder], float]
) -> Exported | Refused:
    """The export with its cosine to torch's embeddings, which ``agreement`` finds, and its batch;
    or the reason why it is refused.
    """
    record_contents(exported.folder)
    cosine = agreement(OnnxEncoder(spec, exported))
    if cosine < REQUIRED_COSINE:
        return Refused(f"its embeddings differ from torch's: cosine {cosine:.6f}")
    one_thread = OnnxEncoder(spec, exported, threads=1)
    return replace(exported, cosine=cosine, batch=best_batch(one_thread))


def _write(loaded: LoadedModel, folder: Path) -> Exported:
    import torch

    from recognition.encoders.clip.towers import ImageTower, text_tower
    from recognition.encoders.prepare.padding import fixed_padding

    preprocessing = Preprocessing.of(loaded.model.visual.preprocess_cfg)
    pixels = torch.zeros(2, preprocessing.height, preprocessing.width, 3, dtype=torch.uint8)
    images = ImageTower.of(loaded.model).eval()
    with fixed_padding(images, pixels):
        export_tower(images, pixels, folder / IMAGE_TOWER, dynamic=(0,))
    texts, trimmed = text_tower(loaded.model)
    tokenizing = _tokenizing(loaded, folder, trimmed=trimmed)
    tokenize = tokenizing.load(folder / TOKENIZER)
    tokens = torch.from_numpy(tokenize(["a photo of a cat", "a cup of coffee on a wooden table"]))
    export_tower(texts.eval(), tokens, folder / TEXT_TOWER, dynamic=(0, 1) if trimmed else (0,))
    return Exported(folder, preprocessing, tokenizing, cosine=0.0, batch=1)


def _tokenizing(loaded: LoadedModel, folder: Path, *, trimmed: bool) -> Any:
    from recognition.encoders.clip.tokenizer import save_tokenizer

    return save_tokenizer(loaded.tokenize, folder / TOKENIZER, trimmed=trimmed)


def export_tower(
    tower: nn.Module,
    example: Tensor,
    path: Path,
    *,
    dynamic: tuple[int, ...],
    dynamic_rows: tuple[int, ...] = (0,),
) -> None:
    """Write a tower in evaluation mode, with the axes of ``example``, and of what is made of it,
    whose sizes may vary.
    """
    import torch

    how = _traced(dynamic, dynamic_rows) if _is_traceable(tower) else _analysed(dynamic)
    with _quietly():
        torch.onnx.export(
            tower, (example,), path, input_names=["batch"], output_names=["rows"], **how
        )


def _is_traceable(tower: nn.Module) -> bool:
    """torch's own attention keeps the sizes that it was traced with."""
    from torch import nn

    return not any(isinstance(module, nn.MultiheadAttention) for module in tower.modules())


def _traced(dynamic: tuple[int, ...], rows: tuple[int, ...]) -> dict[str, Any]:
    """Takes a tenth of the other's time."""
    sizes = {
        "batch": {axis: f"size_{axis}" for axis in dynamic},
        # A batch has as many rows; their own axes are others than the batch's.
        "rows": {axis: f"rows_{axis}" if axis else "size_0" for axis in rows},
    }
    return {"dynamo": False, "dynamic_axes": sizes, "opset_version": OPSET}


def _analysed(dynamic: tuple[int, ...]) -> dict[str, Any]:
    from torch.export import Dim

    sizes = (dict.fromkeys(dynamic, Dim.DYNAMIC),)
    return {"dynamo": True, "dynamic_shapes": sizes, "external_data": False, "verbose": False}


@contextmanager
def _quietly() -> Iterator[None]:
    """The exporter tells its own developers a lot."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            logger.setLevel(level)
