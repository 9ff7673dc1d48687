"""The trunk of the bundled encoder up to its spatial features, as a module that can be exported."""

from __future__ import annotations

from typing import Any

from timm import create_model
from torch import Tensor, cat, nn

from recognition.encoders.patches.shape import LENGTHS, STAGES, STRIDE

_SIDE = 3
"""Neighbouring features that are averaged, as PatchCore does (Roth et al. 2022, section 3.1)."""

_MIDDLE, _HALF_RANGE = 127.0, 128.0


class PatchTower(nn.Module):
    """Pixels (n, height, width, 3) of 8 bits to features (n, height / 8, width / 8, d).

    The features of each depth are averaged over their neighbours, divided by their typical length
    and brought to one grid.
    """

    trunk: Any

    def __init__(self) -> None:
        super().__init__()
        self.trunk = create_model("tf_efficientnet_lite2", pretrained=False)

    def forward(self, pixels: Tensor) -> Tensor:
        channels = (pixels.permute(0, 3, 1, 2).float() - _MIDDLE) / _HALF_RANGE
        hidden = self.trunk.bn1(self.trunk.conv_stem(channels))
        found = []
        for stage, block in enumerate(self.trunk.blocks[: max(STAGES) + 1]):
            hidden = block(hidden)
            if stage in STAGES:
                step = 2 ** (2 + STAGES.index(stage))
                found.append(_gridded(_averaged(hidden), step) / LENGTHS[STAGES.index(stage)])
        return cat(found, dim=1).permute(0, 2, 3, 1)


def _averaged(features: Tensor) -> Tensor:
    return nn.functional.avg_pool2d(
        features, _SIDE, stride=1, padding=_SIDE // 2, count_include_pad=False
    )


def _gridded(features: Tensor, step: int) -> Tensor:
    """Bring features that are ``step`` pixels apart to one a patch."""
    if step < STRIDE:
        return nn.functional.avg_pool2d(features, STRIDE // step)
    if step > STRIDE:
        return nn.functional.interpolate(features, scale_factor=float(step // STRIDE))
    return features
