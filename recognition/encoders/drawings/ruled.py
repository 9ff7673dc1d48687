"""Lines that were on the paper before anybody drew on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]

COVERED = 0.85
"""Share of the image's width that a ruled line covers: what a hand draws seldom runs from edge to
edge."""

THICK = 0.02
"""Share of the image's long side up to which a ruled line is thick, and at least two pixels."""

PIECE = 0.12
"""Share of the width of the pieces in which a line is looked for: a line that is not quite level
is level in pieces."""

LEFT_OVER = 0.1
"""Share of the ink that has to be left when ruled lines are taken away: else they are the drawing.
"""


def without_ruled_lines(ink: Mask) -> Mask:
    """Take ruled lines, level or upright, out of ink (h, w), and close the strokes they crossed."""
    result = ink
    for turned in (False, True):
        page = result.T if turned else result
        lines = _level_lines(page)
        if lines.any():
            cleaned = _without(page, lines)
            result = cleaned.T if turned else cleaned
    return result if result.sum() >= LEFT_OVER * ink.sum() and _is_something(result) else ink


def _is_something(ink: Mask) -> bool:
    return bool(ink.any())


def _level_lines(ink: Mask) -> Mask:
    """The ink of straight thin lines that run, more or less level, from edge to edge."""
    height, width = ink.shape
    thick = max(2, round(THICK * max(height, width)))
    piece = max(5, round(PIECE * width))
    long = _opened_along(ink, piece)
    if not long.any():
        return long
    # Higher than a line is thick, it is a filled shape.
    tall = ndimage.binary_opening(long, np.ones((thick + 1, 1), bool))
    thin = long & ~tall
    bridged = ndimage.binary_dilation(thin, np.ones((3, piece), bool))
    labels, count = ndimage.label(bridged, structure=np.ones((3, 3)))
    lines = np.zeros_like(ink)
    for number, place in enumerate(ndimage.find_objects(labels), start=1):
        own = (labels[place] == number) & thin[place]
        across = own.any(0)
        covered = int(across.sum())
        if covered < COVERED * width or covered == 0:
            continue
        rows = np.arange(own.shape[0])[:, None]
        middle = (rows * own).sum(0)[across] / own.sum(0)[across]
        at = np.flatnonzero(across)
        slope, start = np.polyfit(at, middle, 1)
        if float(np.abs(middle - slope * at - start).max()) <= thick:
            lines[place] |= own
    return lines


def _opened_along(ink: Mask, piece: int) -> Mask:
    """Ink that lies on a level run of at least ``piece`` pixels."""
    opened: Mask = ndimage.binary_opening(ink, np.ones((1, piece), bool))
    return opened


def _without(ink: Mask, lines: Mask) -> Mask:
    """Ink less the lines; a stroke that crosses one goes on."""
    rest = ink & ~lines
    thick = int(lines.sum(0).max())
    reach = thick + 2
    padded = np.pad(rest, reach)
    closed = ndimage.binary_closing(padded, np.ones((2 * reach + 1, 1), bool))
    whole = closed[reach:-reach, reach:-reach]
    result: Mask = rest | (whole & lines)
    return result
