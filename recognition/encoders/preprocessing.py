"""open_clip's image transform in Pillow and NumPy, up to what the image tower does itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
"""One image as an image tower takes it, shape ``(height, width, 3)``."""

_INTERPOLATIONS = {
    "bicubic": Image.Resampling.BICUBIC,
    "bilinear": Image.Resampling.BILINEAR,
    "lanczos": Image.Resampling.LANCZOS,
    "random": Image.Resampling.BICUBIC,
}


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """The steps of open_clip's ``image_transform`` before it turns pixels to floats.

    ``resize_mode``: ``shortest`` and ``longest`` scale that side to the input's and cut or pad the
    other, ``squash`` scales both. The input is ``crop_pct`` of what is scaled to, as timm has it.
    """

    height: int
    width: int
    resize_mode: str
    interpolation: str
    fill_color: int
    crop_pct: float = 1.0

    @classmethod
    def of(cls, config: dict[str, Any]) -> Preprocessing:
        """Read the steps from a model's ``preprocess_cfg``."""
        size = config["size"]
        height, width = (size, size) if isinstance(size, int) else size
        return cls(
            height,
            width,
            config["resize_mode"] or "shortest",
            config["interpolation"] or "bicubic",
            config["fill_color"],
        )

    def crop(self, image: Image.Image) -> Pixels:
        """Turn a clean RGB image of any size into the tower's ``(height, width, 3)``."""
        size = self._scaled(*image.size)
        if size != image.size:
            image = image.resize(size, _INTERPOLATIONS[self.interpolation])
        return np.asarray(self._centre(image))

    def _scaled(self, width: int, height: int) -> tuple[int, int]:
        """torchvision cuts the longer side's fraction off where the input is square, timm rounds
        it elsewhere.
        """
        wide, high = (math.floor(side / self.crop_pct) for side in (self.width, self.height))
        if self.resize_mode == "squash":
            return wide, high
        if self.resize_mode == "shortest" and wide == high:
            short, long = sorted((width, height))
            scaled = int(wide * long / short)
            return (wide, scaled) if width <= height else (scaled, wide)
        ratios = height / high, width / wide
        ratio = max(ratios) if self.resize_mode == "longest" else min(ratios)
        return round(width / ratio), round(height / ratio)

    def _centre(self, image: Image.Image) -> Image.Image:
        width, height = image.size
        if width < self.width or height < self.height:
            page = Image.new(
                "RGB", (max(width, self.width), max(height, self.height)), (self.fill_color,) * 3
            )
            page.paste(image, ((page.width - width) // 2, (page.height - height) // 2))
            image = page
        left = round((image.width - self.width) / 2)
        top = round((image.height - self.height) / 2)
        return image.crop((left, top, left + self.width, top + self.height))
