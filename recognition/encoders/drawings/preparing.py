"""Ink to the looks that the network is shown: several, on two canvases, strokes of usual width."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from recognition.encoders.drawings.canvases import MARGIN, SQUARE, WIDE, Canvas
from recognition.encoders.drawings.ink import Floats, stroke_width

VERSION = 1
"""Raised with every change that moves a look: embeddings of before are others."""

THIN, THICK = 1.8, 4.6
"""Widths of strokes on a canvas, in pixels, between which the network has seen them."""

OVERSAMPLED = 2.5
"""Pixels of the ink that are kept for one of the canvas before it is turned: more show nowhere."""


@dataclass(frozen=True)
class Look:
    """One way to see a drawing: turned by so many degrees, slanted, so wide for its height, and so
    large on the canvas.
    """

    turn: float = 0.0
    slant: float = 0.0
    aspect: float = 1.0
    size: float = 1.0


SQUARE_LOOKS = (
    Look(),
    Look(turn=9.0, size=0.96),
    Look(turn=-9.0, size=0.96),
    Look(slant=0.18, aspect=0.9),
    Look(slant=-0.18, aspect=1.1),
)
WIDE_LOOKS = (Look(), Look(turn=4.0, aspect=0.92), Look(turn=-4.0, aspect=1.08))

LOOKS: tuple[tuple[Canvas, tuple[Look, ...]], ...] = ((SQUARE, SQUARE_LOOKS), (WIDE, WIDE_LOOKS))

SHARES = (0.5, 0.5)
"""Of each canvas in a cosine similarity."""

BYTES = sum(prod(canvas) * len(looks) for canvas, looks in LOOKS)
"""Bytes of all looks at a drawing."""


def prepare(pixels: Floats, stroke: float) -> NDArray[np.uint8]:
    """Prepare all looks at ink (h, w) in [0, 1], cut out to where it is, with strokes of that
    width.

    Returns them one behind another: (BYTES,), 255 is ink.
    """
    return np.concatenate(
        [
            np.stack([_seen(usual, look, canvas) for look in looks]).ravel()
            for canvas, looks in LOOKS
            for usual in [_of_usual_width(pixels, stroke, canvas)]
        ]
    )


def _of_usual_width(pixels: Floats, stroke: float, canvas: Canvas) -> Image.Image:
    """The ink as large as the canvas needs it, with strokes neither too thin nor too thick."""
    height, width = pixels.shape
    fit = _fit((width, height), canvas)
    share = min(1.0, OVERSAMPLED * fit)
    wanted = np.clip(stroke * fit, THIN, THICK) / fit
    change = float(wanted - stroke) / 2
    if abs(change) > 0.15 / fit:
        pixels = _grown(pixels, change)
    whole = Image.fromarray(np.round(pixels * 255).astype(np.uint8))
    size = tuple(max(1, round(side * share)) for side in whole.size)
    return whole.resize((size[0], size[1]), Image.Resampling.BOX) if share < 1.0 else whole


def _grown(pixels: Floats, by: float) -> Floats:
    """Ink whose edge lies ``by`` pixels further out, or further in where that is negative; as far
    in as leaves the thinnest strokes a thread.
    """
    if by > 0:
        padded = np.pad(pixels, int(np.ceil(by)) + 1)
        away = ndimage.distance_transform_edt(padded < 0.5)
        grown: Floats = np.maximum(padded, np.clip(by + 1.0 - away, 0.0, 1.0)).astype(np.float32)
        return grown
    inside = ndimage.distance_transform_edt(np.pad(pixels, 1) >= 0.5)[1:-1, 1:-1]
    ridge = inside[(inside > 0) & (inside == ndimage.maximum_filter(inside, size=3))]
    by = min(-by, max(0.0, float(np.quantile(ridge, 0.1)) - 1.0)) if len(ridge) else 0.0
    thinned: Floats = np.clip(np.minimum(pixels, inside - by), 0.0, 1.0).astype(np.float32)
    return thinned


def _seen(ink: Image.Image, look: Look, canvas: Canvas) -> NDArray[np.uint8]:
    """The ink turned and slanted, cut out anew, and fitted to the middle of the canvas."""
    turned = ink if look.turn == look.slant == 0 and look.aspect == 1 else _turned(ink, look)
    box = turned.point(lambda level: 255 if level >= 64 else 0).getbbox() or turned.getbbox()
    left, top, right, bottom = box or (0, 0, *turned.size)
    fit = _fit((right - left, bottom - top), canvas) * look.size
    height, width = canvas
    # Where on the ink the canvas's corner lies; a pixel's place is its middle.
    x = (left + right) / 2 - width / 2 / fit
    y = (top + bottom) / 2 - height / 2 / fit
    if fit < 1.0:
        blurred = Image.fromarray(
            ndimage.gaussian_filter(np.asarray(turned, np.float32), 0.4 / fit - 0.3)
            .round()
            .astype(np.uint8)
        )
        turned = blurred if 0.4 / fit > 0.35 else turned
    seen = turned.transform(
        (width, height),
        Image.Transform.AFFINE,
        (1 / fit, 0, x, 0, 1 / fit, y),
        Image.Resampling.BILINEAR,
        fillcolor=0,
    )
    return np.asarray(seen, dtype=np.uint8)


def _turned(ink: Image.Image, look: Look) -> Image.Image:
    """The ink turned, slanted and stretched about its middle, on a ground that holds it all."""
    angle = np.radians(look.turn)
    cos, sin = np.cos(angle), np.sin(angle)
    shape = np.array([[look.aspect**0.5, look.slant], [0.0, look.aspect**-0.5]])
    matrix = np.array([[cos, -sin], [sin, cos]]) @ shape
    width, height = ink.size
    span = np.abs(matrix) @ np.array([width, height]) + 2
    inverse = np.linalg.inv(matrix)
    offset = np.array([width, height]) / 2 - inverse @ (np.ceil(span) / 2)
    return ink.transform(
        (int(np.ceil(span[0])), int(np.ceil(span[1]))),
        Image.Transform.AFFINE,
        (inverse[0, 0], inverse[0, 1], offset[0], inverse[1, 0], inverse[1, 1], offset[1]),
        Image.Resampling.BILINEAR,
        fillcolor=0,
    )


def _fit(size: tuple[int, int], canvas: Canvas) -> float:
    """Pixels of the canvas for one of the ink."""
    room = canvas[1] - 2 * MARGIN, canvas[0] - 2 * MARGIN
    return float(min(room[0] / max(1, size[0]), room[1] / max(1, size[1])))


def prepare_drawn(drawn: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Prepare all looks at ink (h, w) of bytes that was never on paper: (BYTES,), 255 is ink."""
    pixels = drawn.astype(np.float32) / 255.0
    mask = pixels >= 0.5
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    cut = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return prepare(cut, stroke_width(mask))
