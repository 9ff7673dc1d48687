"""Compare each patch with the texture of good parts, wherever it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Patches = NDArray[np.floating]
"""Features of the patches of one photo, ``(rows, columns, d)``."""

KEPT = 0.9
"""Share of the variance of good patches that their subspace keeps. On half of the tiles 0.9 tells
good from defective better than 0.97, at AUROC 0.818 against 0.808."""


@dataclass(frozen=True, slots=True)
class Subspace:
    """The subspace of good patches: their mean ``(d,)`` and directions ``(d, k)``.

    A patch's residual is its distance to it (SubspaceAD; Lendering et al. 2026).
    """

    mean: NDArray[np.floating]
    directions: NDArray[np.floating]

    @classmethod
    def of(cls, photos: Sequence[Patches]) -> Subspace:
        """Fit the subspace to all patches of photos of good parts."""
        rows = np.concatenate([each.reshape(-1, each.shape[-1]) for each in photos])
        mean = rows.mean(axis=0)
        variances, directions = np.linalg.eigh(np.cov(rows - mean, rowvar=False))
        shares = np.cumsum(variances[::-1]) / max(float(variances.sum()), 1e-12)
        count = int(np.searchsorted(shares, KEPT)) + 1
        return cls(mean, np.ascontiguousarray(directions[:, ::-1][:, :count]))

    def residuals(self, photo: Patches) -> NDArray[np.floating]:
        """Return the distance of each patch to the subspace, ``(rows, columns)``."""
        rest = photo - self.mean
        squares = (rest**2).sum(axis=-1) - ((rest @ self.directions) ** 2).sum(axis=-1)
        return np.asarray(np.sqrt(np.maximum(squares, 1e-12)))


def coarse(patches: Patches) -> Patches:
    """Average patches by fours, ``(rows / 2, columns / 2, d)``: texture needs no finer grid."""
    rows, columns, width = patches.shape
    return np.asarray(patches.reshape(rows // 2, 2, columns // 2, 2, width).mean(axis=(1, 3)))
