"""What is wrong with a photo as such: measured on its pixels, before any encoder sees it."""

from __future__ import annotations

import numpy as np
from PIL import Image

from recognition.core.types import Matrix, QualityWarning

TINY = 48
"""Pixels on the short side below which there is little left to recognise."""

WORKING_SIDE = 256
"""Pixels on the long side at which sharpness is judged, so that it means the same for all."""

BLANK_CONTRAST = 6.0
"""Standard deviation of grey levels, of 255, below which an image shows a surface."""

BLUR = 0.08
"""Share of contrast that survives as fine detail, below which an image is blurred."""

ROUNDING = 20.0 / 12.0
"""Variance that the rounding of grey levels alone gives the Laplacian."""

CLIPPED_SHARE = 0.5
"""Share of an image that may be burnt out, or drowned in black."""


def image_warnings(image: Image.Image) -> tuple[QualityWarning, ...]:
    """Return the warnings ``tiny``, ``blank``, ``over_exposed``, ``under_exposed`` and ``blurred``
    that an image deserves.

    Takes a clean RGB image of any size.
    """
    warnings = []
    if min(image.size) < TINY:
        warnings.append(
            QualityWarning(
                "tiny", f"The image is {image.width} x {image.height} pixels; {TINY} needed."
            )
        )
    grey = _grey(image)
    contrast = float(grey.std())
    if contrast < BLANK_CONTRAST:
        detail = f"The image is almost uniform: contrast {contrast:.1f} of 255."
        return (*warnings, QualityWarning("blank", detail))
    warnings += _exposure(grey)
    sharp = sharpness(grey, contrast)
    if sharp < BLUR and min(image.size) >= TINY:
        warnings.append(
            QualityWarning(
                "blurred", f"The image is blurred: sharpness {sharp:.3f}, {BLUR} is usual."
            )
        )
    return tuple(warnings)


def sharpness(grey: Matrix, contrast: float) -> float:
    """Return the deviation of the Laplacian over ``contrast``, that of the image (Pech-Pacheco et
    al. 2000, scaled so that contrast does not count, and less what rounding adds). ``grey`` is
    ``(h, w)``, at least 3 by 3 and not uniform.
    """
    laplacian = grey[1:-1, 1:-1] * np.float32(-4.0)
    for neighbour in (grey[:-2, 1:-1], grey[2:, 1:-1], grey[1:-1, :-2], grey[1:-1, 2:]):
        laplacian += neighbour
    detail = float(laplacian.var()) - ROUNDING
    return float(np.sqrt(max(detail, 0.0))) / contrast


def _exposure(grey: Matrix) -> list[QualityWarning]:
    white, black = (np.count_nonzero(part) / part.size for part in (grey >= 253, grey <= 2))
    if max(white, black) <= CLIPPED_SHARE or white + black > 0.9:  # line art is meant to be so
        return []
    if white > black:
        return [QualityWarning("over_exposed", f"{white:.0%} of the image is burnt out.")]
    return [QualityWarning("under_exposed", f"{black:.0%} of the image is black.")]


def _grey(image: Image.Image) -> Matrix:
    copy = image.convert("L")
    copy.thumbnail((WORKING_SIDE, WORKING_SIDE), reducing_gap=1.0)
    pixels = np.asarray(copy, dtype=np.float32)
    if min(pixels.shape) >= 3:
        return pixels
    return np.pad(pixels, [(0, max(0, 3 - side)) for side in pixels.shape], mode="edge")


def sharpness_of(image: Image.Image) -> float | None:
    """Return the ``sharpness`` of an image of any size; None for one that shows nothing."""
    grey = _grey(image)
    contrast = float(grey.std())
    return sharpness(grey, contrast) if contrast >= BLANK_CONTRAST else None
