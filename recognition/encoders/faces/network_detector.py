"""dlib's face detector that is a network, run by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

from recognition.encoders.faces.detection import Box
from recognition.encoders.onnx.sessions import Session

WINDOW = 80
"""Pixels of the faces that the network was trained to find, both ways."""

_STRIDE, _FIRST = 8, 14
"""Pixels from one score to the next, and to the first: what three convolutions of 5 by 5 with a
stride of 2 see the middle of."""

_RATE = 5 / 6
"""From one size of the pyramid to the next: that of dlib's ``pyramid_down<6>``."""

_BORDER = 40
"""Pixels of black around each size, so that a face at the edge has a window: half of one. dlib
takes 11, and misses faces that fill a photo."""

_SAME = 0.3
"""Intersection over union from which two windows show one face."""

_MOST = 100


class NetworkDetector:
    """Finds faces of about 80 pixels and larger; safe to share by threads, as its session is."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, image: Image.Image, threshold: float) -> list[tuple[Box, float]]:
        """Find faces in an RGB image of bounded size: boxes in its pixels with their scores, the
        surest first.
        """
        found: list[tuple[Box, float]] = []
        for scale, scores in self._pyramid(image):
            for row, column in np.argwhere(scores > threshold):
                side = WINDOW / scale
                x = (column * _STRIDE + _FIRST - _BORDER) / scale - side / 2
                y = (row * _STRIDE + _FIRST - _BORDER) / scale - side / 2
                found.append((Box(float(x), float(y), side, side), float(scores[row, column])))
        found.sort(key=lambda each: -each[1])
        kept: list[tuple[Box, float]] = []
        for box, score in found:
            if len(kept) < _MOST and all(box.overlap(other) < _SAME for other, _ in kept):
                kept.append((box, score))
        return kept

    def _pyramid(self, image: Image.Image) -> Iterator[tuple[float, np.ndarray]]:
        """Scores ``(rows, columns)`` at each size, down to the one that a face would fill."""
        scale = 1.0
        while min(image.size) * scale >= WINDOW * _RATE or scale == 1.0:
            size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
            small = image.resize(size, Image.Resampling.BILINEAR) if scale < 1.0 else image
            page = np.zeros((size[1] + 2 * _BORDER, size[0] + 2 * _BORDER, 3), np.uint8)
            page[_BORDER:-_BORDER, _BORDER:-_BORDER] = np.asarray(small)
            yield scale, self._session(page[None])[0, 0]
            scale *= _RATE
