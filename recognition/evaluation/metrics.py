"""Error rates of scores, in the words of ISO/IEC 19795-1 (biometric performance testing)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from recognition.core.arrays import Bools, Floats
from recognition.core.types import Ids

Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Det:
    """A detection error trade-off: at ``thresholds[i]``, a score at or above it is accepted.

    All three have shape ``(n,)``; ``far`` falls and ``frr`` rises with the threshold.
    """

    thresholds: Floats
    far: Floats
    frr: Floats


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95 % confidence interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Confidence against accuracy, a row a bin that is not empty, each of shape ``(bins,)``."""

    confidence: Floats
    accuracy: Floats
    count: Floats


def det(genuine: ArrayLike, impostor: ArrayLike) -> Det:
    """Return the trade-off at every score that was seen. Neither sample may be empty."""
    mated, other = np.sort(np.asarray(genuine, float)), np.sort(np.asarray(impostor, float))
    thresholds = np.append(np.unique(np.concatenate([mated, other])), np.inf)
    far = 1.0 - np.searchsorted(other, thresholds, side="left") / len(other)
    frr = np.searchsorted(mated, thresholds, side="left") / len(mated)
    return Det(thresholds, far, frr)


def equal_error_rate(genuine: ArrayLike, impostor: ArrayLike) -> float:
    """Return the rate at which false accepts and false rejects are as frequent, linearly
    interpolated.
    """
    curve = det(genuine, impostor)
    gap = curve.frr - curve.far
    after = int(np.argmax(gap >= 0))
    if after == 0:
        return float(curve.far[0] + curve.frr[0]) / 2
    share = gap[after - 1] / (gap[after - 1] - gap[after])
    return float(curve.far[after - 1] + share * (curve.far[after] - curve.far[after - 1]))


def tar_at_far(genuine: ArrayLike, impostor: ArrayLike, far: float) -> float:
    """Return the share of genuine scores accepted by the lowest threshold that keeps FAR at or
    below ``far``.
    """
    curve = det(genuine, impostor)
    return float(1.0 - curve.frr[np.argmax(curve.far <= far)])


def fnir_at_fpir(
    mated: ArrayLike, mated_right: ArrayLike, nonmated: ArrayLike, fpir: float
) -> float:
    """Return the share of mated searches whose best candidate is wrong or below the threshold.

    ``mated`` and ``nonmated`` are the best scores of queries whose category is, or is not,
    enrolled; ``mated_right`` says whether that best candidate was the right one.
    """
    right = np.asarray(mated_right, bool)
    scores = np.where(right, np.asarray(mated, float), -np.inf)
    return 1.0 - tar_at_far(scores, nonmated, fpir)


def auroc(positive: ArrayLike, negative: ArrayLike) -> float:
    """Return the chance that a positive scores above a negative, ties counted half (Mann-Whitney
    U).
    """
    high, low = np.asarray(positive, float), np.sort(np.asarray(negative, float))
    below = np.searchsorted(low, high, side="left")
    not_above = np.searchsorted(low, high, side="right")
    return float((below + not_above).sum() / (2 * len(high) * len(low)))


def reliability(confidence: ArrayLike, right: ArrayLike, bins: int = 10) -> Reliability:
    """Sort answers into bins of as many each, so that none says much from little (Nguyen & O'Connor
    2015).
    """
    values, truth = np.asarray(confidence, float), np.asarray(right, float)
    order = np.argsort(values, kind="stable")
    groups = [group for group in np.array_split(order, bins) if len(group)]
    return Reliability(
        np.array([values[group].mean() for group in groups]),
        np.array([truth[group].mean() for group in groups]),
        np.array([len(group) for group in groups], float),
    )


def expected_calibration_error(rows: Reliability) -> float:
    """Return the mean gap between confidence and accuracy (Naeini et al. 2015)."""
    return float(np.average(np.abs(rows.confidence - rows.accuracy), weights=rows.count))


def mean_interval(values: ArrayLike) -> Interval:
    """Return the mean of independent episodes, with a normal interval."""
    sample = np.asarray(values, float)
    mean = float(sample.mean())
    deviation = float(sample.std(ddof=1)) if len(sample) > 1 else float("inf")
    half = Z95 * deviation / len(sample) ** 0.5
    return Interval(mean, mean - half, mean + half)


def share_interval(hits: float, total: int) -> Interval:
    """Return a proportion with Wilson's score interval (Wilson 1927). ``total`` is positive."""
    share = hits / total
    middle = (share + Z95**2 / (2 * total)) / (1 + Z95**2 / total)
    variance = share * (1 - share) / total + Z95**2 / (4 * total**2)
    half = Z95 * float(np.sqrt(variance)) / (1 + Z95**2 / total)
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def rate_interval(rate: float, trials: int) -> Interval:
    """Return the interval of a mean share over ``trials`` independent queries, as
    ``share_interval``.
    """
    return share_interval(rate * trials, trials)


def ranks(scores: ArrayLike, truth: ArrayLike) -> Ids:
    """Count how many of each row of ``scores`` ``(n, classes)`` stand before the true column,
    ``(n,)``.

    Ties count against: as many as tie with the truth stand before it.
    """
    table, columns = np.asarray(scores, float), np.asarray(truth, int)
    own = table[np.arange(len(table)), columns]
    before: Ids = (table >= own[:, None]).sum(axis=1) - 1
    return before


def top_k_right(scores: ArrayLike, truth: ArrayLike, k: int) -> Bools:
    """Say of each row ``(n,)`` whether the true column is among its ``k`` best, as ``ranks`` counts
    them.
    """
    right: Bools = ranks(scores, truth) < k
    return right
