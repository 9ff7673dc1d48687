"""Set a threshold by what the statistic of good parts is by chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

EULER = 0.5772156649015329


@dataclass(frozen=True, slots=True)
class GoodParts:
    """What the statistic of good parts is like: its mean and standard deviation.

    The largest of many residuals follow an extreme-value distribution, here Gumbel's (Coles 2001,
    chapter 3).
    """

    mean: float
    deviation: float

    @classmethod
    def of(cls, statistics: Sequence[float]) -> GoodParts:
        """Describe the statistics of good parts, two or more."""
        return cls(float(np.mean(statistics)), float(np.std(statistics, ddof=1)))

    def threshold(self, rate: float) -> float:
        """Return what this share of good parts exceeds: their false-alarm rate."""
        scale = self.deviation * math.sqrt(6.0) / math.pi
        return self.mean - EULER * scale - scale * math.log(-math.log1p(-rate))
