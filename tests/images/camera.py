"""A camera's raw file, made of a picture."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import tifffile

_XYZ_TO_SRGB = (3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.2040, 1.0570)
"""IEC 61966-2-1: the camera's colours are those of the screen."""

_WHITE = 16383


def dng(colours: np.ndarray, orientation: int = 1) -> bytes:
    """A DNG 1.4 whose sensor sees one colour a pixel, in Bayer's order red, green, green, blue."""
    height, width = (side // 2 * 2 for side in colours.shape[:2])
    shares = colours[:height, :width] / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    sensor = np.empty((height, width), np.uint16)
    for row, column, channel in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        sensor[row::2, column::2] = linear[row::2, column::2, channel] * _WHITE
    matrix = [part for each in _XYZ_TO_SRGB for part in (round(each * 10_000), 10_000)]
    tags = [
        (271, "s", 0, "Camera", True),
        (272, "s", 0, "of Alice", True),
        (274, "H", 1, orientation, True),
        (33421, "H", 2, (2, 2), True),
        (33422, "B", 4, (0, 1, 1, 2), True),
        (50706, "B", 4, (1, 4, 0, 0), True),
        (50708, "s", 0, "Camera of Alice", True),
        (50714, "I", 1, 0, True),
        (50717, "I", 1, _WHITE, True),
        (50721, "2i", 9, tuple(matrix), True),
        (50728, "2I", 3, (1,) * 6, True),
        (50778, "H", 1, 21, True),
    ]
    target = BytesIO()
    tifffile.imwrite(target, sensor, photometric=32803, metadata=None, extratags=tags)
    return target.getvalue()
