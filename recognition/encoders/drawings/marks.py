"""Marks of a page that stand apart: characters, signatures, signs, by their ink alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from recognition.core.regions import Box, FoundRegion
from recognition.encoders.drawings.ink import parted

PAGE_SIDE = 1200
"""Pixels on the long side at which marks are looked for: a character of a fiftieth has 24."""

APART = 0.3
"""How far strokes of one mark lie from one another at most, of the longer one's long side."""

LEAST = 0.15
"""Long side of a mark, of the median mark's, under which it is a full stop, or dirt."""

AROUND = 0.08
"""Of a box's long side, paper around it: ink is told from the paper that it stands on."""

MOST_PARTS = 4000
"""Strokes that are put together; a page with more is print or a photo, and its largest count."""


def find_marks(image: Image.Image) -> list[FoundRegion]:
    """Find the marks of a clean RGB image of a page, the largest first.

    Connected strokes are put together where they lie nearer to one another than ``APART`` of the
    longer one: single linkage on their boxes, at any scale. What is far smaller than most marks is
    left out.
    """
    found = parted(image, PAGE_SIDE)
    if found is None:
        return []
    labels, _ = ndimage.label(found.mask, structure=np.ones((3, 3)))
    edges = np.array(
        [
            (columns.start, rows.start, columns.stop, rows.stop)
            for rows, columns in ndimage.find_objects(labels)
        ],
        np.float64,
    )
    if len(edges) > MOST_PARTS:
        edges = edges[np.argsort(-_sides(edges), kind="stable")[:MOST_PARTS]]
    marks = _together(edges)
    sides = _sides(marks)
    marks = marks[sides >= LEAST * float(np.median(sides))]
    marks = marks[np.argsort(-_sides(marks), kind="stable")] / found.scale
    return [FoundRegion(_box(each, image.size)) for each in marks]


def _sides(edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """The long side of each box ``(n,)``."""
    sides: NDArray[np.float64] = (edges[:, 2:] - edges[:, :2]).max(axis=1)
    return sides


def _together(edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """The boxes ``(m, 4)`` around those of ``(n, 4)`` that belong together."""
    sides = _sides(edges)
    pairs = [_near(edges, sides, row) for row in range(len(edges))]
    rows = np.repeat(np.arange(len(edges)), [len(each) for each in pairs])
    columns = np.concatenate([np.empty(0, np.intp), *pairs])
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(edges), len(edges)))
    count, groups = connected_components(graph, directed=False)
    numbers = np.arange(count)
    least = np.stack([ndimage.minimum(edges[:, at], groups, numbers) for at in (0, 1)], axis=1)
    most = np.stack([ndimage.maximum(edges[:, at], groups, numbers) for at in (2, 3)], axis=1)
    return np.concatenate([least, most], axis=1)


def _near(edges: NDArray[np.float64], sides: NDArray[np.float64], row: int) -> NDArray[np.intp]:
    """The boxes that belong to one, by number."""
    gaps = np.maximum(edges[:, :2] - edges[row, 2:], edges[row, :2] - edges[:, 2:])
    distance = np.hypot(*np.maximum(gaps, 0.0).T)
    return np.flatnonzero(distance <= APART * np.maximum(sides, sides[row]))


def _box(edges: NDArray[np.float64], size: tuple[int, int]) -> Box:
    left, top = (int(edge) for edge in np.floor(edges[:2]))
    right, bottom = (int(min(e, s)) for e, s in zip(np.ceil(edges[2:]), size, strict=True))
    return Box(left, top, max(right - left, 1), max(bottom - top, 1))
