"""Lines that were on the paper before anybody drew on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recognition.encoders.drawings.masks import Mask, grown, opened

Floats = NDArray[np.float32]

COVERED = 0.85
"""Share of the image's width that a ruled line covers: what a hand draws seldom runs from edge to
edge."""

THICK = 0.02
"""Share of the image's long side up to which a ruled line is thick, and at least two pixels."""

PIECE = 0.12
"""Share of the width of the pieces in which a line is looked for: a line that is not quite level
is level in pieces."""

TILT = 0.03
"""Share of the width by which a line may rise or fall: a page lies askew."""

MOST = 40
"""Lines of a page."""

ALONE = 0.25
"""Share of its length on which a line has nothing drawn along it."""

DARKER = 0.15
"""Contrast by which ink on a line is told from the line."""

LEFT_OVER = 0.1
"""Share of the ink that has to be left when ruled lines are taken away: else they are the drawing.
"""


def without_ruled_lines(ink: Mask, contrast: Floats) -> Mask:
    """Take ruled lines, level or upright, out of ink (h, w), and close the strokes they crossed.

    ``contrast`` (h, w) is how dark each pixel is: what is darker than the line lies over it.
    """
    result = ink
    for turned in (False, True):
        page = np.ascontiguousarray(result.T) if turned else result
        lines = _level_lines(page, contrast.T if turned else contrast)
        if lines.any():
            cleaned = _without(page, lines)
            result = np.ascontiguousarray(cleaned.T) if turned else cleaned
    return result if result.sum() > LEFT_OVER * ink.sum() else ink


def _level_lines(ink: Mask, contrast: Floats) -> Mask:
    """The ink of straight thin lines that run, more or less level, from edge to edge."""
    height, width = ink.shape
    lines = np.zeros_like(ink)
    long = opened(ink, 1, max(5, round(PIECE * width)))
    if np.count_nonzero(long.any(0)) < COVERED * width:
        return lines
    thick = max(2, round(THICK * max(height, width)))
    rows, columns = np.arange(height)[:, None], np.arange(width)
    left = long
    for _ in range(MOST):
        covered, first, rise = _best_line(grown(left, 3, 1))
        if covered < COVERED:
            break
        away = np.abs(rows - first - rise * columns / max(1, width - 1))
        # Somewhere the line is alone: there the ink around it is as thick as the line.
        around = (ink & (away <= thick + 1)).sum(0)
        own = float(np.quantile(around[around > 0], ALONE))
        near = away <= own / 2 + 1.0
        if own <= thick:
            printed = ink & near
            level = float(np.quantile(contrast[printed], ALONE))
            lines |= printed & (contrast < level + DARKER)
        left = left & ~(near | (away <= 2))
    return lines


def _best_line(ink: Mask) -> tuple[float, int, int]:
    """The straight line from edge to edge of which most is ink: that share, the row in which it
    begins and how many rows further down it ends (a Hough transform of few angles).
    """
    height, width = ink.shape
    most = max(1, round(TILT * width))
    padded = np.pad(ink, ((most, most), (0, 0)))
    occupied = np.flatnonzero(ink.any(1))
    if not len(occupied):
        return 0.0, 0, 0
    begins = np.arange(max(0, occupied[0] - most), min(height, occupied[-1] + most + 1))
    best = (0.0, 0, 0)
    for rise in sorted(range(-most, most + 1, 2 if most > 1 else 1), key=abs):
        shift = np.rint(rise * np.arange(width) / max(1, width - 1)).astype(np.int64) + most
        shares = padded[begins[:, None] + shift, np.arange(width)].mean(1)
        highest = float(shares.max())
        if highest > best[0] + 1e-6:
            # It is grown by a pixel to either side: the middle one is the line.
            at = int(np.median(np.flatnonzero(shares > highest - 1e-6)[:3]))
            best = highest, int(begins[at]), rise
    return best


def _without(ink: Mask, lines: Mask) -> Mask:
    """Ink less the lines; a stroke that crosses one goes on."""
    rest = ink & ~lines
    begins = np.count_nonzero(lines[1:] & ~lines[:-1]) + np.count_nonzero(lines[0])
    reach = round(np.count_nonzero(lines) / begins) + 2
    above = grown(rest, reach, 3)
    # A pixel of the line belongs to a stroke where there is ink over it and under it.
    upper = np.roll(above, reach // 2, axis=0)
    lower = np.roll(above, -(reach // 2), axis=0)
    result: Mask = rest | (lines & upper & lower)
    return result
