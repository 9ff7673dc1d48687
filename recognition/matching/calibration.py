"""From normal scores to probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from scipy import optimize, special

from recognition.matching.arrays import Floats

SLOPE = 1.5
UNKNOWN = 3.0
"""Where there is nothing to fit to: a chance that is exceeded once in a thousand is even odds."""

MIN_KNOWN = 40
MIN_UNKNOWN = 20
"""Trials that calibration needs of queries that are, and are not, of the gallery."""

COVERAGE = 0.9
_PRIOR_WIDTH = 1.0


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
        """Of each category ``(queries, c)``; what is missing to one is for none of them."""
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


UNCALIBRATED = Calibration(SLOPE, UNKNOWN, 0.0, 0, False)


def fit_calibration(trials: Sequence[Trials], unknown_share: float = 0.5) -> Calibration:
    """Slope and reject score by penalised maximum likelihood; few trials stay near the defaults.

    ``unknown_share`` of all queries are taken to be of no category of the gallery.
    """
    known = sum(int((batch.truth >= 0).sum()) for batch in trials)
    unknown = sum(len(batch.truth) for batch in trials) - known
    if not known or not unknown:
        return UNCALIBRATED
    weights = ((1.0 - unknown_share) / known, unknown_share / unknown)

    def loss(values: Floats) -> float:
        candidate = Calibration(float(np.exp(values[0])), float(values[1]), 0.0, 0, False)
        fit = sum(_log_loss(batch, candidate, weights) for batch in trials)
        prior = (values[0] - np.log(SLOPE)) ** 2 + (values[1] - UNKNOWN) ** 2
        return float(fit + prior / (2.0 * _PRIOR_WIDTH**2 * (known + unknown)))

    best = optimize.minimize(loss, [np.log(SLOPE), UNKNOWN], method="Nelder-Mead").x
    fitted = Calibration(float(np.exp(best[0])), float(best[1]), 0.0, known + unknown, False)
    enough = known >= MIN_KNOWN and unknown >= MIN_UNKNOWN
    return Calibration(
        fitted.slope, fitted.unknown, _plausible(trials, fitted, known), known + unknown, enough
    )


def _log_loss(batch: Trials, candidate: Calibration, weights: tuple[float, float]) -> float:
    of_truth = _of_truth(batch, candidate)
    weight = np.where(batch.truth >= 0, weights[0], weights[1])
    return float(-(weight * np.log(np.maximum(of_truth, 1e-12))).sum())


def _of_truth(batch: Trials, calibration: Calibration) -> Floats:
    shares = calibration.probabilities(batch.scores)
    none = np.maximum(1.0 - shares.sum(axis=1), 0.0)
    rows = np.arange(len(shares))
    chosen: Floats = np.where(batch.truth >= 0, shares[rows, np.maximum(batch.truth, 0)], none)
    return chosen


def _plausible(trials: Sequence[Trials], calibration: Calibration, known: int) -> float:
    """Split-conformal: sets of what is at least so probable hold the truth as often as the
    coverage says (Sadinle et al. 2019)."""
    chosen = [_of_truth(batch, calibration)[batch.truth >= 0] for batch in trials]
    level = np.floor((known + 1) * (1.0 - COVERAGE)) / known
    return float(np.quantile(np.concatenate(chosen), min(level, 1.0), method="lower"))
