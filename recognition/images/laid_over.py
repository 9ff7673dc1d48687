"""A photo brought to the place and the light of another of the same thing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def grey(image: Image.Image, side: int) -> NDArray[np.float64]:
    """Return the image's brightness, squeezed to ``(side, side)``."""
    small = image.convert("L").resize((side, side), Image.Resampling.BOX)
    return np.asarray(small, np.float64)


def laid_over(
    reference: Image.Image, query: Image.Image, matrix: NDArray[np.float64]
) -> Image.Image:
    """Return the query as it looks from the reference's place, in its light and at its size.

    ``matrix`` (2, 3) maps rows and columns of the reference, from 0 to 1, to those of the query.
    What the query does not show is taken from the reference.
    """
    width, height = reference.size
    scaled = query.resize((width, height), Image.Resampling.BICUBIC)
    (down, across, top), (turn, along, left) = matrix
    places = (
        along, turn * (width - 1) / max(height - 1, 1), left * (width - 1),
        across * (height - 1) / max(width - 1, 1), down, top * (height - 1),
    )  # fmt: skip
    how = Image.Transform.AFFINE
    seen = scaled.transform((width, height), how, places, Image.Resampling.BICUBIC)
    shown = Image.new("L", (width, height), 255).transform((width, height), how, places)
    return _in_the_light_of(reference, seen, np.asarray(shown) > 0)


def _in_the_light_of(
    reference: Image.Image, seen: Image.Image, shown: NDArray[np.bool_]
) -> Image.Image:
    model, pixels = np.asarray(reference, np.float64), np.asarray(seen, np.float64)
    if not shown.any():
        return reference
    gain = model[shown].std() / (pixels[shown].std() + 1e-9)
    lit = (pixels - pixels[shown].mean()) * gain + model[shown].mean()
    lit[~shown] = model[~shown]
    return Image.fromarray(np.clip(np.rint(lit), 0, 255).astype(np.uint8))
