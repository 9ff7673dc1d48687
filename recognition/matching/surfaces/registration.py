"""Register a query to a reference that shows the same thing from the same side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from recognition.core.arrays import Floats

SIDE = 160
"""Pixels of a side of the grey images that are laid over one another."""

ALIGNED = 0.8
"""Correlation from which on two photos show one thing from one side. Boards that were photographed
a little turned reach 0.88 and more, two different tiles 0.6 at most."""

_LEVELS = (4.0, 2.0, 1.0)
_STEPS = 12
_SMALL_STEP = 1e-3
_BACKGROUND = 12.0
"""Pixels over which light is taken to be even."""


@dataclass(frozen=True, slots=True)
class Registration:
    """``matrix`` (2, 3) maps rows and columns of the reference, from 0 to 1, to those of the query;
    ``correlation`` is that of both once they lie over one another.
    """

    matrix: Floats
    correlation: float

    @property
    def is_aligned(self) -> bool:
        """Say whether both show one thing from one side."""
        return self.correlation >= ALIGNED


def register(reference: NDArray[np.floating], query: NDArray[np.floating]) -> Registration:
    """Find the affine map that lays a query over a reference, both grey ``(SIDE, SIDE)``.

    A shift is found by phase correlation, the rest by Gauss-Newton steps on the pixels' differences
    from coarse to fine (Lucas and Kanade 1981; Baker and Matthews 2004). Uneven light is removed
    first.
    """
    fixed, moving = _even(reference), _even(query)
    matrix = np.column_stack([np.eye(2), _shift(fixed, moving)])
    for blur in _LEVELS:
        matrix = _refined(
            ndimage.gaussian_filter(fixed, blur), ndimage.gaussian_filter(moving, blur), matrix
        )
    correlation = _correlation(fixed, _laid_over(moving, matrix))
    scaled = matrix.copy()
    scaled[:, 2] /= SIDE - 1
    return Registration(scaled, correlation)


def _even(image: NDArray[np.floating]) -> Floats:
    image = np.asarray(image, np.float64)
    rest = image - ndimage.gaussian_filter(image, _BACKGROUND)
    return np.asarray(rest / (rest.std() + 1e-9))


def _shift(fixed: Floats, moving: Floats) -> Floats:
    """Return how many rows and columns a query lies further on."""
    window = np.outer(np.hanning(SIDE), np.hanning(SIDE))
    spectrum = np.fft.fft2(moving * window) * np.conj(np.fft.fft2(fixed * window))
    peak = np.fft.ifft2(spectrum / (np.abs(spectrum) + 1e-9)).real
    found = np.array(np.unravel_index(int(peak.argmax()), peak.shape), np.float64)
    return np.where(found > SIDE / 2, found - SIDE, found)


def _refined(fixed: Floats, moving: Floats, matrix: Floats) -> Floats:
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float64)
    middle = (SIDE - 1) / 2
    places = np.stack([(rows - middle) / SIDE, (columns - middle) / SIDE, np.ones_like(rows)])
    best, highest = matrix, -np.inf
    for _ in range(_STEPS):
        seen = _laid_over(moving, matrix)
        correlation = _correlation(fixed, seen)
        if correlation < highest + _SMALL_STEP:
            break
        best, highest = matrix, correlation
        down, across = np.gradient(seen)
        slopes = np.concatenate([down * places, across * places]).reshape(6, -1)
        error = (fixed - seen).ravel()
        step = np.linalg.lstsq(slopes @ slopes.T + 1e-6 * np.eye(6), slopes @ error, rcond=None)[0]
        move = step.reshape(2, 3)
        change = np.column_stack(
            [move[:, :2] / SIDE, move[:, 2] - move[:, :2].sum(axis=1) * middle / SIDE]
        )
        matrix = matrix + change
    return best


def _laid_over(image: Floats, matrix: Floats) -> Floats:
    return np.asarray(
        ndimage.affine_transform(image, matrix[:, :2], matrix[:, 2], order=1, mode="nearest")
    )


def _correlation(one: Floats, other: Floats) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])
