"""Load a model through open_clip, with its weights or not at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from recognition.core.errors import WeightsUnavailable
from recognition.encoders.clip.hub_cache import hub_cache
from recognition.encoders.files import CONFIG, ModelFiles
from recognition.encoders.torchvision_import import import_torchvision

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image
    from torch import Tensor


class DualTower(Protocol):
    """The parts that every open_clip model has; its embeddings are not normalised unless asked."""

    logit_scale: Tensor
    visual: Any

    def encode_image(self, image: Tensor) -> Tensor: ...

    def encode_text(self, text: Tensor) -> Tensor: ...


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """Both towers with what prepares their inputs."""

    model: DualTower
    preprocess: Callable[[Image.Image], Tensor]
    tokenize: Callable[[list[str]], Tensor]
    device: str


def import_open_clip() -> Any:
    """Import open_clip, with the bundled encoder's image tower known to timm."""
    import_torchvision()
    import open_clip

    from recognition.encoders.bundled import image_tower

    image_tower.register()
    return open_clip


def load_model(
    files: ModelFiles, *, cache_dir: Path, device: str = "cpu", online: bool = False
) -> LoadedModel:
    """Load both towers on ``cpu``, ``cuda`` or whichever ``auto`` finds.

    Raises WeightsUnavailable where the weights are missing, damaged or of another architecture.
    """
    open_clip = import_open_clip()
    target = choose_device(device)
    try:
        with hub_cache(cache_dir, online=online):
            model, preprocess = open_clip.create_model_from_pretrained(
                files.model,
                pretrained=None if files.folder else str(files.checkpoint),
                device=target,
                cache_dir=str(cache_dir),
                pretrained_text=False,
                **_overrides(files),
            )
            tokenize = open_clip.get_tokenizer(files.model, cache_dir=str(cache_dir))
    except Exception as error:
        raise WeightsUnavailable(
            f"{files.checkpoint} cannot be loaded as {files.model}: {error}"
        ) from error
    return LoadedModel(model.eval().requires_grad_(False), preprocess, tokenize, target)


def choose_device(device: str) -> str:
    """Choose the device: ``auto`` takes CUDA where torch finds it. Raises WeightsUnavailable for a
    CUDA not there.
    """
    import torch

    found = torch.cuda.is_available()
    if device == "auto":
        return "cuda" if found else "cpu"
    if device == "cuda" and not found:
        raise WeightsUnavailable("The device cuda was asked for, but torch finds none.")
    return device


def _overrides(files: ModelFiles) -> dict[str, Any]:
    """Return what a tag's weights were trained with, and where a folder's own text tower
    lies now.
    """
    if files.folder is None:
        known = files.pretrained
        images = {f"image_{key}": known.get(key) for key in ("mean", "std", "interpolation")}
        return images | {
            "image_resize_mode": known.get("resize_mode"),
            "force_quick_gelu": bool(known.get("quick_gelu")),
        }
    text = json.loads((files.folder / CONFIG).read_text())["model_cfg"]["text_cfg"]
    if "hf_model_name" in text and (files.folder / "config.json").is_file():
        here = {"hf_model_name": str(files.folder), "hf_model_pretrained": False}
        return {"text_cfg": text | here}
    return {}
