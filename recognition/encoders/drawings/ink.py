"""Ink apart from the paper: whatever the paper, the pen, the light and the scanner."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from recognition.encoders.drawings.masks import Mask, grown
from recognition.encoders.drawings.ruled import without_ruled_lines

Floats = NDArray[np.float32]
Box = tuple[int, int, int, int]

VERSION = 1
"""Raised with every change that moves what is seen as ink: embeddings of before are others."""

WORKING_SIDE = 480
"""Pixels on the long side at which ink is looked for: a stroke of a hundredth is still there."""

GROUND_SIDE = 96
"""Pixels on the long side at which the paper's shade is estimated: it changes slowly."""

GROUND_REACH = 21
"""Of these, how far strokes are closed to see the paper behind them: more than a thick marker."""

POLARITY_SIDE, POLARITY_REACH = 48, 13
"""The same, to see which of both is the ink: the signs of strokes are enough."""

RIM = 0.04
"""Share of an image's sides that is its rim, where there is mostly paper."""

EVEN_GROUND = 0.02
"""Deviation of the rim's shade, of 1, up to which the paper is of one shade: a filled shape of any
size is ink there."""

LEAST_CONTRAST = 0.06
"""Share of the paper's shade by which ink differs from it at least: less is the paper's grain and
what a JPEG makes of it."""

SPECK = 0.35
"""Share of the stroke's width squared up to which a spot is dust."""

PALE = 0.45
"""Share of the ink's contrast under which a spot is something printed, or shows through."""

SMALL = 0.5
"""Share of the image's long side under which the ink is cut out and looked at again, closer."""


@dataclass(frozen=True)
class Ink:
    """Ink (h, w) in [0, 1], cut out to where it is.

    ``contrast`` is the share of the paper's shade by which it differs from it, ``stroke`` the
    width of its strokes in its own pixels, of which ``scale`` are one of the image. ``rim`` is the
    share of the image's edge that is ink, ``cover`` that of the image, ``shaded`` the share that is
    neither plainly ink nor plainly paper.
    """

    pixels: Floats
    contrast: float
    stroke: float
    scale: float
    rim: float
    cover: float
    shaded: float


@dataclass(frozen=True)
class Parted:
    """Ink apart from paper, all ``(h, w)``: ``mask`` is the ink, ``dark`` what is beyond the
    ``threshold`` of ``contrast``, ruled lines and dust as well. ``scale`` pixels are one of the
    image.
    """

    mask: Mask
    dark: Mask
    contrast: Floats
    threshold: float
    scale: float


@dataclass(frozen=True)
class _Found:
    ink: Ink
    box: Box


def ink_box(image: Image.Image) -> Box | None:
    """Find where the ink of an image is: left, top, right, bottom; None where there is none."""
    found = _read(image)
    return found.box if found else None


def read_ink(image: Image.Image) -> Ink | None:
    """Find the ink of a clean RGB image of any size, dark on light or light on dark.

    The paper's shade is estimated around every pixel and divided out, so that shadows and grey
    paper do not count; ink and paper are parted by Otsu's threshold (Otsu 1979); lines that run
    from edge to edge, straight and thin, are ruled and go. Returns None where there is no ink.
    """
    whole = _read(image)
    if whole is None:
        return None
    left, top, right, bottom = whole.box
    long = max(image.size)
    if long <= WORKING_SIDE or max(right - left, bottom - top) > SMALL * long:
        return whole.ink
    margin = (right - left + bottom - top) // 8 + 8
    closer = _read(
        image.crop(
            (
                max(0, left - margin),
                max(0, top - margin),
                min(image.width, right + margin),
                min(image.height, bottom + margin),
            )
        )
    )
    if closer is None:
        return whole.ink
    return replace(closer.ink, rim=whole.ink.rim, cover=whole.ink.cover, shaded=whole.ink.shaded)


def parted(image: Image.Image, side: int) -> Parted | None:
    """Part ink from paper in a copy whose long side has at most ``side`` pixels; None where there
    is no ink.
    """
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.BOX, reducing_gap=2.0)
    if min(small.size) < 3:
        return None
    pixels = np.asarray(small.convert("RGB"), dtype=np.float32)
    shades = np.ascontiguousarray(np.moveaxis(pixels, 2, 0)) / np.float32(255.0)
    contrast = _contrast(shades)
    threshold = _threshold(contrast)
    if threshold is None:
        return None
    dark = contrast > threshold
    mask = _without_dust(without_ruled_lines(dark, contrast), contrast)
    if not mask.any():
        return None
    return Parted(mask, dark, contrast, threshold, max(small.size) / max(image.size))


def _read(image: Image.Image) -> _Found | None:
    found = parted(image, WORKING_SIDE)
    if found is None:
        return None
    mask, dark, contrast = found.mask, found.dark, found.contrast
    threshold, scale = found.threshold, found.scale
    level = float(np.median(contrast[mask]))
    stroke = stroke_width(mask)
    soft = np.clip((contrast / threshold - 0.6) / 0.8, 0.0, 1.0)
    # Ink fades at its edge; what is further away than that was found to be no ink.
    near = grown(mask, 5, 5)
    soft *= near & (mask | ~dark)
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    left, right = int(columns[0]), int(columns[-1]) + 1
    edges = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    shaded = (contrast > LEAST_CONTRAST) & (contrast < 0.6 * level) & ~mask
    ink = Ink(
        pixels=soft[top:bottom, left:right].astype(np.float32),
        contrast=level,
        stroke=stroke,
        scale=scale,
        rim=float(edges.mean()),
        cover=float(mask.mean()),
        shaded=float((shaded & ~near).mean()),
    )
    box = tuple(int(round(side / scale)) for side in (left, top, right, bottom))
    return _Found(ink, (box[0], box[1], box[2], box[3]))


def stroke_width(mask: Mask) -> float:
    """Return the mean width in pixels of strokes: in one of width w, the mean distance from its
    edge is about a quarter of that.
    """
    distance = ndimage.distance_transform_edt(np.pad(mask, 1))
    return max(1.0, 4.0 * (float(distance[distance > 0].mean()) - 0.5))


def _contrast(shades: Floats) -> Floats:
    """Return how far each pixel (h, w) is from the paper around it, as a share of the paper's
    shade, in the colour in which it is furthest; ``shades`` (3, h, w) are in [0, 1].
    """
    if _is_light_on_dark(shades):
        shades = np.float32(1.0) - shades
    rim = _rim(shades)
    if float(rim.std(axis=1).max()) <= EVEN_GROUND:
        ground: Floats = np.median(rim, axis=1)[:, None, None]
    else:
        ground = np.stack([_ground(channel) for channel in shades])
    offset = np.float32(0.02)
    ratio = ((shades + offset) / (np.maximum(ground, 0.05) + offset)).min(axis=0)
    contrast: Floats = np.clip(1.0 - ratio, 0.0, 1.0).astype(np.float32)
    return contrast


def _rim(shades: Floats) -> Floats:
    high, wide = (max(1, round(RIM * side)) for side in shades.shape[1:])
    parts = (shades[:, :high], shades[:, -high:], shades[:, :, :wide], shades[:, :, -wide:])
    return np.concatenate([part.reshape(len(shades), -1) for part in parts], axis=1)


def _is_light_on_dark(shades: Floats) -> bool:
    """Strokes are few, and further from what is around them than anything else is: the side on
    which the differences are skewed is the ink's.
    """
    grey = _reduced(shades.sum(axis=0) / np.float32(len(shades)), POLARITY_SIDE)
    around = ndimage.median_filter(grey, size=POLARITY_REACH, mode="nearest")
    difference = grey - around
    skew = float((difference**3).mean())
    if abs(skew) > 1e-6:
        return skew > 0
    return float(np.median(_rim(shades))) < 0.5


def _ground(channel: Floats) -> Floats:
    """The paper's shade everywhere: what is left when all that is darker and narrow is closed."""
    small = _reduced(channel, GROUND_SIDE)
    closed = ndimage.grey_closing(small, size=(GROUND_REACH, GROUND_REACH), mode="nearest")
    smooth = ndimage.gaussian_filter(closed, GROUND_REACH / 6, mode="nearest")
    size = channel.shape[1], channel.shape[0]
    return np.asarray(Image.fromarray(smooth).resize(size, Image.Resampling.BILINEAR))


def _reduced(grey: Floats, side: int) -> Floats:
    height, width = grey.shape
    share = min(1.0, side / max(height, width))
    size = max(1, round(width * share)), max(1, round(height * share))
    small = Image.fromarray(np.ascontiguousarray(grey)).resize(size, Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32)


def _threshold(contrast: Floats) -> float | None:
    """The contrast from which on a pixel is ink; None where nothing stands out."""
    from skimage.filters import threshold_otsu

    strongest = float(np.quantile(contrast, 0.9995))
    if strongest < LEAST_CONTRAST:
        return None
    threshold = float(threshold_otsu(contrast))  # type: ignore[no-untyped-call]
    # Of little ink on much paper, Otsu's threshold falls into the paper's grain.
    grain = float(np.median(contrast)) + 4.0 * float(contrast[contrast < threshold].std())
    return max(threshold, min(grain, strongest * 0.6), 0.3 * strongest, LEAST_CONTRAST / 2)


def _without_dust(mask: Mask, contrast: Floats) -> Mask:
    """Ink without spots too small or too pale to belong to it."""
    labels, count = ndimage.label(mask, structure=np.ones((3, 3)))
    if count < 2:
        return mask
    index = np.arange(1, count + 1)
    sizes = ndimage.sum_labels(mask, labels, index)
    depths = ndimage.maximum(contrast, labels, index)
    largest = labels == int(sizes.argmax()) + 1
    least = max(1.0, SPECK * stroke_width(largest) ** 2)
    kept = (sizes > least) & (depths >= PALE * float(np.median(contrast[largest])))
    kept[sizes.argmax()] = True
    result: Mask = np.concatenate([[False], kept])[labels]
    return result
