"""Make the encoder of surfaces ready: the bundled trunk's spatial features, for ONNX Runtime."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from recognition.core.errors import EngineUnavailable
from recognition.core.types import Domain, EncoderSpec
from recognition.encoders.bundled.image_weights import image_weights, weights_path
from recognition.encoders.clip.records import Prepared, read_record, write_record
from recognition.encoders.contents import record_contents
from recognition.encoders.digests import digest_file, digest_json
from recognition.encoders.files import ModelFiles
from recognition.encoders.names import SURFACES
from recognition.encoders.onnx.exported import (
    IMAGE_TOWER,
    Exported,
    Refused,
    export_folder,
    read_undamaged,
)
from recognition.encoders.patches import shape
from recognition.encoders.patches.encoder import PatchEncoder
from recognition.encoders.prepare.export import REQUIRED_COSINE, export_tower
from recognition.encoders.prepare.locking import locked
from recognition.encoders.prepare.parity import images
from recognition.encoders.prepare.placing import placed
from recognition.encoders.preprocessing import Preprocessing
from recognition.encoders.torchvision_import import import_torchvision

if TYPE_CHECKING:
    from recognition.encoders.patches.tower import PatchTower

VERSION = 1
"""Raised when features change although weights and layout do not."""


def prepare_patches(models_dir: Path, timeout: float) -> EncoderSpec:
    """Export the trunk from the installed weights and keep it under ``models_dir``; takes seconds.

    Raises EngineUnavailable where ONNX Runtime does not see photos as torch does.
    """
    with locked(models_dir, timeout):
        found = read_record(models_dir, SURFACES)
        if found and isinstance(read_undamaged(models_dir, found.spec.fingerprint), Exported):
            return found.spec
        spec = _spec()
        exported = read_undamaged(models_dir, spec.fingerprint) or placed(
            export_folder(models_dir, spec.fingerprint), partial(_exported, spec)
        )
        if isinstance(exported, Refused):
            raise EngineUnavailable(f"{SURFACES} cannot be had: {exported.reason}.")
        write_record(models_dir, Prepared(spec, ModelFiles(weights_path(), "efficientnet")))
    return spec


def _spec() -> EncoderSpec:
    fingerprint = digest_json(
        {
            "version": VERSION,
            "weights": digest_file(weights_path()),
            "layout": [shape.SIDE, shape.STRIDE, shape.CELL, shape.NARROWEST],
            "features": [shape.STAGES, shape.LENGTHS],
        }
    )
    return EncoderSpec(
        SURFACES, fingerprint, shape.DIMENSION, shape.SIDE, 1.0, Domain.GENERAL, reads_texts=False
    )


def _exported(spec: EncoderSpec, folder: Path) -> Exported | Refused:
    import torch

    import_torchvision()
    from recognition.encoders.patches.tower import PatchTower
    from recognition.encoders.prepare.padding import fixed_padding

    tower = PatchTower()
    tower.trunk.load_state_dict(image_weights(weights_path()), strict=True)
    tower.eval().requires_grad_(False)
    pixels = torch.zeros(1, shape.SIDE, shape.SIDE, 3, dtype=torch.uint8)
    # Sides are multiples of 32, so every size is padded alike.
    with fixed_padding(tower, pixels):
        export_tower(
            tower,
            pixels,
            folder / IMAGE_TOWER,
            dynamic=(0, 1, 2),
            dynamic_rows=(0, 1, 2),
        )
    side = Preprocessing(shape.SIDE, shape.SIDE, "squash", "bicubic", 0)
    exported = Exported(folder, side, None, cosine=0.0, batch=1)
    record_contents(folder)
    cosine = _lowest_cosine(tower, PatchEncoder(spec, exported))
    if cosine < REQUIRED_COSINE:
        return Refused(f"its patches differ from torch's: cosine {cosine:.6f}")
    return replace(exported, cosine=cosine)


def _lowest_cosine(tower: PatchTower, encoder: PatchEncoder) -> float:
    """Return the lowest cosine of a patch over packaged photos of several shapes."""
    import torch

    lowest = 1.0
    for image in images():
        with torch.inference_mode():
            pixels = torch.from_numpy(shape.laid_out(image).copy())[None]
            theirs = tower(pixels)[0].numpy()
        ours = encoder.patches(image)
        lengths = np.linalg.norm(ours, axis=-1) * np.linalg.norm(theirs, axis=-1)
        lowest = min(lowest, float(((ours * theirs).sum(axis=-1) / lengths).min()))
    return lowest
