"""Looks at one image whose embeddings are averaged: what the encoder is shown, and how often."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from recognition.core.arrays import unit_rows
from recognition.core.types import Matrix, Vector

VERSION = 1
"""Embeddings of other views are other embeddings: make it part of what identifies them."""

SIDE = 256
ELONGATED = 1.1
"""Long side by short side from which a square crop leaves something out."""

TWO_TONED = 0.97
INK = 0.2
"""A line drawing has so many pixels near black or white, and so few of them are ink."""

STROKES = (4.0, 6.0, 9.0, 13.0)
"""Blur of a drawing, in pixels of ``SIDE``: lines become shapes, which photos taught to see."""

TURN = 12.0
SLANT = 0.2
MARGIN = 0.25


View: TypeAlias = Callable[[], Image.Image]
"""A look that is yet to be made: where several are, they may be made side by side."""


def views(image: Image.Image) -> list[View]:
    """Return the looks at a clean RGB image, one to ten of them.

    A photo is shown as it is and, where it is not square, also squeezed into a square, so that
    nothing is cropped away. A line drawing is shown as its shape, at several stroke widths, turns
    and slants.
    """
    if is_line_drawing(image):
        return list(_drawing_views(image))
    width, height = image.size
    if max(width, height) < ELONGATED * min(width, height):
        return [lambda: image]
    return [lambda: image, partial(image.resize, (SIDE, SIDE), Image.Resampling.BICUBIC)]


def pool(embeddings: Matrix, counts: Sequence[int]) -> Matrix:
    """Return one L2-normalised embedding an image, ``(n, d)``, from those of its views, image by
    image.
    """
    ends = np.cumsum(counts)[:-1]
    means = [rows.mean(axis=0) for rows in np.split(embeddings, ends)]
    return unit_rows(np.stack(means)) if counts else embeddings


def is_line_drawing(image: Image.Image) -> bool:
    """Say whether the image is two-toned, with thin marks on an even ground."""
    if _is_shaded(image):
        return False
    dark, light = _tones(image)
    two_toned = bool(dark + light >= TWO_TONED and 0.0 < min(dark, light) <= INK)
    return two_toned and not _coloured(image)


def _is_shaded(image: Image.Image) -> bool:
    """Say whether a band across the middle alone has more shades than a drawing may: most photos
    are known by it, at an eighth of the cost.
    """
    width, height = image.size
    band = image.crop((0, height * 7 // 16, width, height * 9 // 16))
    if not band.height:
        return False
    shades = (1.0 - sum(_tones(band))) * band.height / height
    return shades > 1.0 - TWO_TONED + 1e-9


def _tones(image: Image.Image) -> tuple[float, float]:
    """The shares of pixels near black and near white."""
    grey = np.asarray(image.convert("L"))
    dark, light = (np.count_nonzero(part) / part.size for part in (grey < 64, grey > 191))
    return dark, light


def _drawing_views(image: Image.Image) -> Iterator[View]:
    drawing = _on_white(image)
    cut = _cut_out(drawing)
    for stroke in STROKES:
        yield partial(_smoothed, cut, stroke)
    for angle in (TURN, -TURN):
        turned = cut.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
        yield partial(_smoothed, turned, STROKES[1])
        yield partial(_smoothed, turned, STROKES[2])
    for slant in (SLANT, -SLANT):
        shift = -slant * cut.height / 2
        slanted = cut.transform(
            cut.size,
            Image.Transform.AFFINE,
            (1.0, slant, shift, 0.0, 1.0, 0.0),
            Image.Resampling.BICUBIC,
            fillcolor=255,
        )
        yield partial(_smoothed, slanted, STROKES[1])


def _smoothed(drawing: Image.Image, stroke: float) -> Image.Image:
    large = drawing.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return large.filter(ImageFilter.GaussianBlur(stroke)).convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    grey = image.convert("L")
    return ImageOps.invert(grey) if float(np.asarray(grey).mean()) < 128 else grey


def _cut_out(drawing: Image.Image) -> Image.Image:
    """The ink's bounding box in a white square with a margin."""
    box = drawing.point(lambda level: 255 if level < 128 else 0).getbbox()
    if box is None:
        return drawing
    left, top, right, bottom = box
    side = max(right - left, bottom - top)
    half = side // 2 + max(1, int(side * MARGIN))
    centre = (left + right) // 2, (top + bottom) // 2
    square = Image.new("L", (2 * half, 2 * half), 255)
    square.paste(drawing, (half - centre[0], half - centre[1]))
    return square


def _coloured(image: Image.Image) -> bool:
    pixels = np.asarray(image.convert("RGB").resize((64, 64)), dtype=np.int16)
    return float((pixels.max(axis=2) - pixels.min(axis=2)).mean()) > 8.0


def pooled(embeddings: Matrix) -> Vector:
    """Return one embedding ``(d,)`` from those of one image's views."""
    vector: Vector = pool(embeddings, [len(embeddings)])[0]
    return vector
