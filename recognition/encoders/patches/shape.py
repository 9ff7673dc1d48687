"""Lay a photo out in patches."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.encoders.preprocessing import Pixels

PatchMap: TypeAlias = NDArray[np.float32]
"""Features of the patches of a photo, shape ``(rows, columns, d)``, fine ones first."""

SIDE = 320
"""Pixels of a square photo's side; another has as many in all."""

STRIDE = 8
"""Pixels of a patch's side."""

CELL = 32
"""A side is a multiple of so many pixels: the trunk halves it five times."""

NARROWEST = 0.25
"""A photo that is narrower, beside its length, is squeezed."""

STAGES = (1, 2, 4)
"""Of the trunk's seven: they see 4, 8 and 16 pixels a step."""

CHANNELS = (24, 48, 120)

LENGTHS = (20.0, 32.0, 36.0)
"""Typical lengths of the features of each stage, by which they are divided: each stage then has the
same say in a distance. Measured on half of the magnetic tiles and boards; little depends on them.
"""

FINE = CHANNELS[0]
"""Leading numbers of a patch that tell of the finest details; the rest tell of texture."""


def scaled_size(width: int, height: int) -> tuple[int, int]:
    """Return the width and height in pixels that a photo is scaled to."""
    ratio = min(max(width / height, NARROWEST), 1 / NARROWEST)
    wide = max(CELL, round(SIDE * ratio**0.5 / CELL) * CELL)
    high = max(CELL, round(SIDE / ratio**0.5 / CELL) * CELL)
    return wide, high


def laid_out(image: Image.Image) -> Pixels:
    """Scale a clean RGB image to what the tower takes, ``(height, width, 3)``."""
    size = scaled_size(*image.size)
    if size != image.size:
        image = image.resize(size, Image.Resampling.BICUBIC)
    return np.asarray(image)


def embedding_of(patches: PatchMap) -> NDArray[np.float32]:
    """Return a row ``(2 t,)`` that stands for a photo as a whole: the mean of its patches' texture
    and how much that varies, not normalised.
    """
    texture = patches[..., FINE:].reshape(-1, patches.shape[-1] - FINE)
    return np.concatenate([texture.mean(axis=0), texture.std(axis=0)])


DIMENSION = 2 * sum(CHANNELS[1:])
