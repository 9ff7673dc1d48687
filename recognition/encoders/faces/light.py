"""Photos and faces that are too dark to be seen as they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

DARK = 96.0
"""The 95th percentile of grey levels, of 255, below which something is brightened: a face in the
shade, or a photo at a third of its brightness."""

LIFTED_TO = 200.0
"""The same percentile afterwards: that of a face that is well lit."""

MOST_LIFTED = 12.0
"""Where so few levels are left, more would only show noise."""


def brightness(grey: NDArray[np.uint8]) -> float:
    """Measure the 95th percentile of grey levels, of 255: what is lit, whatever lies in shadow."""
    counts = np.bincount(grey.ravel(), minlength=256)
    return float(np.searchsorted(np.cumsum(counts), 0.95 * grey.size))


def lifted(image: Image.Image, level: float) -> Image.Image:
    """Brighten an image whose ``brightness`` is ``level`` if that is dark, by one factor."""
    if level >= DARK:
        return image
    gain = min(LIFTED_TO / max(level, 1.0), MOST_LIFTED)
    table = [min(255, round(value * gain)) for value in range(256)]
    return image.point(table * len(image.getbands()))
