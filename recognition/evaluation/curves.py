"""Curves with few enough points to be kept and drawn."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from recognition.core.arrays import Floats
from recognition.evaluation.metrics import det, expected_calibration_error, reliability
from recognition.evaluation.results import DetPoint, Histogram, ReliabilityBin

Indices: TypeAlias = NDArray[np.intp]

POINTS = 120
BARS = 40


def det_points(genuine: Floats, impostor: Floats) -> tuple[DetPoint, ...]:
    """Trace the trade-off at thresholds spread over both samples, from accepting all to accepting
    none that was seen; rare errors are as well covered as frequent ones.
    """
    curve = det(genuine, impostor)
    last = len(curve.thresholds) - 2
    wanted = np.unique(np.concatenate([[0, last], _spread(curve.far), _spread(curve.frr)]))
    wanted = wanted[(wanted >= 0) & (wanted <= last)]
    return tuple(
        DetPoint(float(curve.thresholds[at]), float(curve.far[at]), float(curve.frr[at]))
        for at in wanted
    )


def histogram(genuine: Floats, impostor: Floats, threshold: float) -> Histogram | None:
    """Count shares of each sample in bars of equal width; None where there is nothing to show."""
    every = np.concatenate([genuine, impostor])
    if not len(every):
        return None
    edges = np.linspace(float(every.min()), float(every.max()) + 1e-9, BARS + 1)
    return Histogram(
        tuple(edges.tolist()), _shares(genuine, edges), _shares(impostor, edges), threshold
    )


def reliability_bins(confidence: Floats, right: Floats) -> tuple[float, tuple[ReliabilityBin, ...]]:
    """Return the expected calibration error and the bins that it is the mean gap of."""
    rows = reliability(confidence, right)
    bins = zip(rows.confidence.tolist(), rows.accuracy.tolist(), rows.count.tolist(), strict=True)
    return expected_calibration_error(rows), tuple(
        ReliabilityBin(mean, share, int(count)) for mean, share, count in bins
    )


def _spread(rates: Floats) -> Indices:
    """Find where a rate passes values that are evenly spread on a logarithmic scale."""
    values = np.geomspace(1e-4, 1.0, POINTS // 2)
    if rates[0] <= rates[-1]:
        return np.searchsorted(rates, values)
    return len(rates) - 1 - np.searchsorted(rates[::-1], values)


def _shares(scores: Floats, edges: Floats) -> tuple[float, ...]:
    counts, _ = np.histogram(scores, edges)
    return tuple((counts / max(len(scores), 1)).tolist())
