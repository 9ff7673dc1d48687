"""From normal scores to probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from scipy import special

from recognition.core.arrays import Floats

SLOPE = 1.5
PRIOR_UNKNOWN = 3.0
"""Where there is nothing to fit to: a chance that is exceeded once in a thousand is even odds."""

MIN_KNOWN = 40
MIN_UNKNOWN = 20
"""Trials that calibration needs of queries that are, and are not, of the gallery."""

COVERAGE = 0.9
_PRIOR_WIDTH = 1.0
_ROUNDS, _CLOSE = 50, 1e-6


@dataclass(frozen=True, slots=True)
class Calibration:
    """Open-set temperature scaling: a softmax over ``slope`` times the score of each category, and
    of "none of these" as a category that always scores ``unknown`` (Guo et al. 2017, with the
    reject class of Bendale & Boult 2016).

    ``plausible`` is the least probability in a conformal set at ``COVERAGE``; ``trials`` is how
    many queries of known truth it rests on.
    """

    slope: float
    unknown: float
    plausible: float
    trials: int
    calibrated: bool

    def probabilities(self, scores: Floats) -> Floats:
        """Return the probability of each category ``(queries, c)``; what a row lacks to one is the
        probability that it is none of them.
        """
        logits = np.column_stack([np.full(len(scores), self.unknown), scores]) * self.slope
        shares: Floats = special.softmax(logits, axis=1)[:, 1:]
        return shares

    def values(self) -> tuple[float, ...]:
        return tuple(float(value) for value in astuple(self))

    @classmethod
    def of(cls, values: Sequence[float]) -> Calibration:
        slope, unknown, plausible, trials, calibrated = values
        return cls(slope, unknown, plausible, int(trials), bool(calibrated))


@dataclass(frozen=True, slots=True)
class Trials:
    """Queries of known truth: ``scores`` ``(n, c)``, the true column, or -1 for none of them."""

    scores: Floats
    truth: np.ndarray[tuple[int, ...], np.dtype[np.int64]]


UNCALIBRATED = Calibration(SLOPE, PRIOR_UNKNOWN, 0.0, 0, False)


def fit_calibration(trials: Sequence[Trials], unknown_share: float = 0.5) -> Calibration:
    """Fit slope and reject score by penalised maximum likelihood; few trials stay near the
    defaults.

    ``unknown_share`` of all queries are taken to be of no category of the gallery.
    """
    known = sum(int((batch.truth >= 0).sum()) for batch in trials)
    unknown = sum(len(batch.truth) for batch in trials) - known
    if not known or not unknown:
        return UNCALIBRATED
    weights = ((1.0 - unknown_share) / known, unknown_share / unknown)
    slope, reject = _most_likely(trials, weights, known + unknown)
    fitted = Calibration(slope, reject, 0.0, known + unknown, False)
    enough = known >= MIN_KNOWN and unknown >= MIN_UNKNOWN
    return Calibration(
        fitted.slope, fitted.unknown, _plausible(trials, fitted, known), known + unknown, enough
    )


def _most_likely(
    trials: Sequence[Trials], weights: tuple[float, float], count: int
) -> tuple[float, float]:
    """Slope and reject score, by Newton's method in the logarithm of the slope, each step halved
    until it gains.
    """
    prior, precision = np.array([np.log(SLOPE), PRIOR_UNKNOWN]), 1.0 / (_PRIOR_WIDTH**2 * count)
    values = prior
    loss, gradient, curvature = _penalised(trials, weights, values, prior, precision)
    for _ in range(_ROUNDS):
        step = np.linalg.solve(curvature, gradient)
        while np.abs(step).max() > _CLOSE:
            tried = _penalised(trials, weights, values - step, prior, precision)
            if tried[0] < loss:
                break
            step /= 2.0
        else:
            break
        values = values - step
        loss, gradient, curvature = tried
    return float(np.exp(values[0])), float(values[1])


def _penalised(
    trials: Sequence[Trials],
    weights: tuple[float, float],
    values: Floats,
    prior: Floats,
    precision: float,
) -> tuple[float, Floats, Floats]:
    """The loss at a logarithm of the slope and a reject score, its gradient ``(2,)``, and its
    curvature ``(2, 2)`` as Gauss and Newton take it, which is never negative.
    """
    away = values - prior
    loss, gradient = precision * float(away @ away) / 2.0, precision * away
    curvature = precision * np.eye(2)
    for batch in trials:
        found = _log_loss(batch, weights, *values.tolist())
        loss, gradient, curvature = loss + found[0], gradient + found[1], curvature + found[2]
    return loss, gradient, curvature


def _log_loss(
    batch: Trials, weights: tuple[float, float], log_slope: float, reject: float
) -> tuple[float, Floats, Floats]:
    """Return the loss of one batch, its gradient ``(2,)`` and its curvature ``(2, 2)``. ``logits``
    ``(n, 1 + c)`` change by themselves with the logarithm of the slope, and the first, of none, by
    the slope with the reject score.
    """
    slope = float(np.exp(log_slope))
    logits = slope * np.column_stack([np.full(len(batch.scores), reject), batch.scores])
    shares = special.softmax(logits, axis=1)
    rows, none = np.arange(len(logits)), shares[:, 0]
    weight = np.where(batch.truth >= 0, weights[0], weights[1])
    mean = (shares * logits).sum(axis=1)
    loss = weight @ (special.logsumexp(logits, axis=1) - logits[rows, batch.truth + 1])
    gradient = np.array(
        [
            weight @ (mean - logits[rows, batch.truth + 1]),
            slope * (weight @ (none - (batch.truth < 0))),
        ]
    )
    variance = weight @ ((shares * logits**2).sum(axis=1) - mean**2)
    mixed = slope * (weight @ (none * (logits[:, 0] - mean)))
    alone = slope**2 * (weight @ (none * (1.0 - none)))
    return float(loss), gradient, np.array([[variance, mixed], [mixed, alone]])


def _of_truth(batch: Trials, calibration: Calibration) -> Floats:
    shares = calibration.probabilities(batch.scores)
    none = np.maximum(1.0 - shares.sum(axis=1), 0.0)
    rows = np.arange(len(shares))
    chosen: Floats = np.where(batch.truth >= 0, shares[rows, np.maximum(batch.truth, 0)], none)
    return chosen


def _plausible(trials: Sequence[Trials], calibration: Calibration, known: int) -> float:
    """Split-conformal: sets of what is at least so probable hold the truth as often as the
    coverage says (Sadinle et al. 2019).
    """
    chosen = [_of_truth(batch, calibration)[batch.truth >= 0] for batch in trials]
    level = np.floor((known + 1) * (1.0 - COVERAGE)) / known
    return float(np.quantile(np.concatenate(chosen), min(level, 1.0), method="lower"))
