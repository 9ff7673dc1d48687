"""One number for how much stands out of a map of residuals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BULK = 0.5
"""Power of a photo's usual residual by which the largest are divided: what is unlike the good part
everywhere, by its light or its make, then counts half. Of 0, 0.5 and 1 the best on
half of the tiles."""


@dataclass(frozen=True, slots=True)
class Looked:
    """How a map of residuals is looked at: the largest ``share`` of it, but for its ``rim``.

    Patches on the rim see the photo's edge, which is another in each photo.
    """

    share: float
    rim: int = 1

    def statistic(self, residuals: NDArray[np.floating]) -> float:
        """Return the logarithm of the mean of the largest, less half that of the usual one."""
        inner = self.inner(residuals).ravel()
        count = max(1, round(len(inner) * self.share))
        largest = np.partition(inner, len(inner) - count)[-count:]
        return float(np.log(largest.mean()) - BULK * np.log(np.median(inner)))

    def inner(self, residuals: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return the map without its rim."""
        rim = self.rim
        return residuals[rim:-rim, rim:-rim]


TEXTURE = Looked(share=0.03)
"""Twelve of four hundred patches."""

PLACED = Looked(share=0.0025)
"""Four of sixteen hundred: what lies over a reference is compared place by place, and a small flaw
covers few places."""
