"""Make an image model of timm ready: fetch or find its weights, export it, check it, keep it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from recognition.core.errors import EngineUnavailable, UnknownEncoder, WeightsUnavailable
from recognition.core.types import Domain, EncoderSpec, Matrix
from recognition.encoders.clip.records import Prepared, read_record, write_record
from recognition.encoders.digests import digest_file, digest_json
from recognition.encoders.files import ModelFiles
from recognition.encoders.names import Timm
from recognition.encoders.normalising import normalise
from recognition.encoders.onnx.exported import (
    IMAGE_TOWER,
    Exported,
    Refused,
    export_folder,
    read_undamaged,
)
from recognition.encoders.prepare.export import checked, export_tower
from recognition.encoders.prepare.hub import Hub
from recognition.encoders.prepare.locking import locked
from recognition.encoders.prepare.parity import lowest_image_cosine
from recognition.encoders.prepare.placing import placed
from recognition.encoders.preprocessing import Preprocessing
from recognition.encoders.torchvision_import import import_torchvision

VERSION = 1
"""Raised when embeddings change although weights, architecture and preprocessing do not."""

OWNER = "timm"
"""On the hub, of the repositories that have timm's models under their names."""

LARGEST_SIDE = 1024
"""Pixels of an input's side: a vision transformer takes the fourth power of it in time."""

_WEIGHTS, _CONFIG = "model.safetensors", "config.json"
_RESIZE_MODES = {"center": "shortest", "squash": "squash"}
_INTERPOLATIONS = ("bicubic", "bilinear", "lanczos")

_CHECKED_BATCH = 4
"""Images that are run together when the export is checked: a graph that keeps the number that it
was traced with is found out."""


@dataclass(frozen=True, slots=True)
class _Files:
    """``config`` is what came with the weights; None where timm's own holds."""

    checkpoint: Path
    config: Path | None = None


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A model with its weights. ``data`` is timm's own description of its input."""

    model: Any
    architecture: str
    arguments: dict[str, Any]
    data: dict[str, Any]
    preprocessing: Preprocessing

    def encode_images(self, images: Sequence[Image.Image]) -> Matrix:
        """Embed clean RGB images by timm's transform and torch; L2-normalised ``(n, d)``."""
        import torch
        from timm.data.transforms_factory import create_transform

        transform = create_transform(**self.data, is_training=False)
        with torch.inference_mode():
            rows = [self.model(transform(image)[None])[0].numpy() for image in images]
        return normalise(np.stack(rows))


def prepare_timm(name: Timm, models_dir: Path, hub: Hub) -> EncoderSpec:
    """Fetch an image model of timm, export it for ONNX Runtime, and keep it under ``models_dir``.

    Every weight comes from the file, none is left as it was made. Raises UnknownEncoder for a
    model that timm or the hub has not, WeightsUnavailable for weights that are missing, damaged or
    another model's, EngineUnavailable where ONNX Runtime does not embed photos as torch does.
    """
    architecture = _known_architecture(name)
    with locked(models_dir, hub.timeout):
        found = read_record(models_dir, str(name))
        if found and isinstance(read_undamaged(models_dir, found.spec.fingerprint), Exported):
            return found.spec
        files = _located(name, hub)
        loaded = _load(name, architecture, files)
        spec = _spec(name, loaded, files)
        exported = read_undamaged(models_dir, spec.fingerprint)
        exported = exported or _export(spec, loaded, models_dir)
        if isinstance(exported, Refused):
            raise EngineUnavailable(f"{name} cannot be had: {exported.reason}.")
        write_record(models_dir, Prepared(spec, ModelFiles(files.checkpoint, architecture)))
    return spec


def _known_architecture(name: Timm) -> str:
    import_torchvision()
    import timm

    architecture = name.model.partition(".")[0]
    if not timm.is_model(architecture):
        raise UnknownEncoder(f"timm has no model {architecture!r}.")
    if name.size and name.size > LARGEST_SIDE:
        raise UnknownEncoder(f"{name} takes more than {LARGEST_SIDE} pixels a side.")
    return architecture


def _located(name: Timm, hub: Hub) -> _Files:
    if name.checkpoint is None:
        repository = f"{OWNER}/{name.model}"
        config = hub.fetch(repository, [_CONFIG])
        return _Files(hub.fetch(repository, [_WEIGHTS]), config)
    if not name.checkpoint.is_file():
        raise WeightsUnavailable(f"There is no checkpoint {name.checkpoint}.")
    return _Files(name.checkpoint)


def _load(name: Timm, architecture: str, files: _Files) -> _Loaded:
    """Raises WeightsUnavailable, UnknownEncoder."""
    try:
        arguments, model = _built(name, architecture, files)
        _fill(model, files.checkpoint)
    except Exception as error:
        raise WeightsUnavailable(
            f"{files.checkpoint} cannot be loaded as timm's {architecture}: {error}"
        ) from error
    data = _data(name, model)
    return _Loaded(model, architecture, arguments, data, _preprocessing(name, data))


def _built(name: Timm, architecture: str, files: _Files) -> tuple[dict[str, Any], Any]:
    """The model without its classifier, its weights yet to come."""
    import timm

    if files.config is None:
        return {}, _create(name.model, {})
    described = json.loads(files.config.read_text(encoding="utf-8"))
    if described["architecture"] != architecture:
        raise ValueError(f"its {_CONFIG} describes a {described['architecture']}")
    arguments = dict(described.get("model_args") or {})
    known = {**described.get("pretrained_cfg", described)}
    fields = timm.models.PretrainedCfg.__dataclass_fields__
    return arguments, _create(
        architecture,
        arguments | {"pretrained_cfg": {key: known[key] for key in known if key in fields}},
    )


def _create(model: str, arguments: dict[str, Any]) -> Any:
    import timm

    made = timm.create_model(
        model, pretrained=False, exportable=True, **arguments | {"num_classes": 0}
    )
    return made.eval().requires_grad_(False)


def _fill(model: Any, checkpoint: Path) -> None:
    """Load the weights strictly, but for the classifier's, which are left out."""
    from safetensors.torch import load_file

    state = load_file(checkpoint)
    heads = model.pretrained_cfg.get("classifier") or ()
    prefixes = tuple(f"{head}." for head in ([heads] if isinstance(heads, str) else heads))
    wanted = model.state_dict()
    model.load_state_dict(
        {
            key: value
            for key, value in state.items()
            if key in wanted or not key.startswith(prefixes)
        },
        strict=True,
    )


def _data(name: Timm, model: Any) -> dict[str, Any]:
    """timm's description of the input, after the model was set to the size asked for."""
    from timm.data.config import resolve_data_config

    resolve: Any = resolve_data_config
    data: dict[str, Any] = resolve(pretrained_cfg=model.pretrained_cfg)
    if name.size is None or (name.size, name.size) == tuple(data["input_size"][1:]):
        return data
    size = (name.size, name.size)
    try:
        if hasattr(model, "set_input_size"):
            model.set_input_size(img_size=size)
        elif model.pretrained_cfg.get("fixed_input_size"):
            raise ValueError("its size is fixed")
    except Exception as error:
        raise UnknownEncoder(
            f"{name.model} takes no images of {name.size} pixels: {error}"
        ) from error
    return data | {"input_size": (data["input_size"][0], *size)}


def _preprocessing(name: Timm, data: dict[str, Any]) -> Preprocessing:
    channels, height, width = data["input_size"]
    mode, interpolation = data["crop_mode"], data["interpolation"]
    if channels != 3 or mode not in _RESIZE_MODES or interpolation not in _INTERPOLATIONS:
        raise WeightsUnavailable(
            f"{name} takes images in a way that is not supported: {channels} channels, crop mode "
            f"{mode}, interpolation {interpolation}."
        )
    return Preprocessing(
        height, width, _RESIZE_MODES[mode], interpolation, 0, float(data["crop_pct"])
    )


def _spec(name: Timm, loaded: _Loaded, files: _Files) -> EncoderSpec:
    digest = digest_json(
        {
            "version": VERSION,
            "weights": digest_file(files.checkpoint),
            "architecture": [OWNER, loaded.architecture, loaded.arguments],
            "preprocessing": loaded.data,
        }
    )
    side = min(loaded.preprocessing.height, loaded.preprocessing.width)
    return EncoderSpec(
        str(name), digest, _dimension(name, loaded), side, 1.0, Domain.GENERAL, reads_texts=False
    )


def _dimension(name: Timm, loaded: _Loaded) -> int:
    """Of a row; raises WeightsUnavailable where the model makes no one row of an image."""
    import torch

    try:
        with torch.inference_mode():
            rows = loaded.model(torch.zeros(1, *loaded.data["input_size"]))
    except Exception as error:
        raise WeightsUnavailable(f"{name} does not run: {error}") from error
    if getattr(rows, "ndim", 0) != 2:
        raise WeightsUnavailable(f"{name} makes no one row of an image, so it embeds none.")
    return int(rows.shape[1])


def _export(spec: EncoderSpec, loaded: _Loaded, models_dir: Path) -> Exported | Refused:
    return placed(
        export_folder(models_dir, spec.fingerprint),
        lambda folder: checked(
            spec, _written(loaded, folder), partial(lowest_image_cosine, loaded)
        ),
    )


def _written(loaded: _Loaded, folder: Path) -> Exported:
    import torch

    from recognition.encoders.clip.towers import ImageTower
    from recognition.encoders.prepare.padding import fixed_padding

    preprocessing = loaded.preprocessing
    pixels = torch.zeros(2, preprocessing.height, preprocessing.width, 3, dtype=torch.uint8)
    tower = ImageTower(loaded.model, loaded.data).eval()
    with fixed_padding(tower, pixels):
        export_tower(tower, pixels, folder / IMAGE_TOWER, dynamic=(0,))
    return Exported(folder, preprocessing, None, cosine=0.0, batch=_CHECKED_BATCH)
