"""Masks grown and shrunk by rectangles, along one axis after the other: that takes as long for a
large rectangle as for a small one (van Herk 1992).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]


def grown(mask: Mask, height: int, width: int) -> Mask:
    """Set every pixel with a set one in the rectangle around it; beyond the edge nothing is set."""
    filled = ndimage.maximum_filter(mask.view(np.uint8), (height, width), mode="constant")
    result: Mask = filled.view(np.bool_)
    return result


def shrunk(mask: Mask, height: int, width: int) -> Mask:
    """Keep every pixel with set ones alone in the rectangle around it, as far as the image goes."""
    filled = ndimage.minimum_filter(mask.view(np.uint8), (height, width), mode="constant", cval=1)
    result: Mask = filled.view(np.bool_)
    return result


def opened(mask: Mask, height: int, width: int) -> Mask:
    """Return the part of a mask that rectangles of this size cover, each lying within it; beyond
    its edge the mask goes on. The morphological opening.
    """
    padded = np.pad(mask, ((height, height), (width, width)), mode="edge")
    whole = grown(shrunk(padded, height, width), height | 1, width | 1)
    return whole[height:-height, width:-width] & mask
