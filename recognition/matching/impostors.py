"""What a chance similarity looks like, as a distribution with an upper tail to rely on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from recognition.core.arrays import Floats
from recognition.core.types import Ids
from recognition.matching.prior import STANDARD, Expected
from recognition.matching.spreads import ImpostorScores, Spreads, fit_spreads

PRIOR_WEIGHT = 2.0
"""Independent scores that what is ``Expected`` of them is worth."""

PAIRED_WEIGHT = 8.0
"""How many more the expected deviation is worth beside scores of pairs. Between galleries of eight
things of one kind, the deviation that strangers meet varies by 15 to 20 % about the one that the
pairs have shown, which is as far as kinds differ."""

SCORE_FREEDOM = 2.0
"""Degrees of freedom that an independent score adds: a pair of categories is scored both ways."""

SHARED_MEMBERS = 10.0
"""Pairs at which half of them count as independent: those of few things share their members, so
that five things say hardly more of how chance varies than five strangers do."""

SKEW_FADES = 10.0
"""Independent scores at which half of the expected skew is left, soon to go."""

SKEW_WEIGHT, SKEW_HIDDEN, MOST_HIDDEN = 6.0, 10.0, 0.3
"""Independent scores at which half of their own skew counts, at which half of the true one is
hidden from them, and how much more than their own is allowed for at most: samples of few scores
lack the rare look-alikes that make it. Of the skew of strangers' scores with circuit boards, 5, 8,
12 and 20 boards show 0.6, 0.8, 0.8 and 0.9."""

MAX_SKEW = 1.5
"""Of parts of one product some are all but the same, and their scores are as skewed as this: at the
0.6 that was allowed before, 4.7 % of strangers were matched among twelve circuit boards at 1 %."""

KNOWN = 30.0
"""Degrees of freedom of what is taken to be known."""

TAIL_SHARE = 0.05
TAIL_MINIMUM = 4000
"""From this many effective scores on, their own shape replaces the assumed one."""

KNOTS = 129
MAX_NORMAL_SCORE = 30.0
NEAREST = 1.0 - 1e-6
"""Cosines above this are of one and the same image."""

LIKENESS = 0.01
"""How seldom chance reaches, in a usual gallery, what looks like a category, however lenient the
rate: at 10 % with one category, nearly everything would."""

LOOK_ALIKE = 0.9
"""What chance is taken to reach at most: one twin in the gallery does not make all others wide."""


@dataclass(frozen=True, slots=True)
class Tail:
    """A sample's shape: ``knots`` are its quantiles at even normal scores ``(2, k)``, followed
    above the last one by a generalised Pareto with ``shape`` and ``scale``.
    """

    knots: Floats
    shape: float
    scale: float


@dataclass(frozen=True, slots=True)
class Impostors:
    """Impostor scores: Student's t with ``freedom`` around ``mean``, its upper tail the heavier
    the greater ``skew`` is, or what ``tail`` says; of each category, as wide as ``spreads`` says.
    All of it is about Fisher's z where the scores are ``cosines``.

    ``typical`` is the mean and deviation if the gallery holds things of a usual kind. ``size`` is
    the number of scores it rests on, ``effective`` how many independent ones they are
    worth, without the prior.
    """

    mean: float
    deviation: float
    freedom: float
    size: int
    effective: float
    skew: float = 0.0
    tail: Tail | None = None
    spreads: Spreads = field(default_factory=Spreads.alike)
    cosines: bool = False
    typical: tuple[float, float] = (0.0, 1.0)

    def normal_score(self, scores: ArrayLike, categories: Ids | None = None) -> Floats:
        """Return the standard normal deviate that a chance exceeds as often as the score.

        It puts scores of different kinds on one scale: 2.33 is exceeded by 1 % of impostors.
        ``categories`` ``(c,)`` are those of the columns of ``scores`` ``(n, c)``, where they are
        known.
        """
        values = np.asarray(scores, np.float64)
        values = fisher(values) if self.cosines else values
        if categories is not None:
            values = self.mean + (values - self.mean) / self.spreads.of(categories)
        return self._normal(values)

    def _normal(self, values: Floats) -> Floats:
        if self.tail is not None:
            return _tail_normal_score(values, self.tail)
        ratio = (values - self.mean) / self.deviation
        lower = special.stdtr(self.freedom, -np.abs(ratio))
        deviate = -special.ndtri(np.maximum(lower, 1e-300))
        return _bounded(_unskewed(np.sign(ratio) * deviate, self.skew))

    def typical_scores(self, scores: ArrayLike) -> Floats:
        """Return the normal scores of what chance reaches as seldom as ``scores`` say in a usual
        gallery: at most ``scores``, and the nearer the more is known of this one; at a lenient rate
        no lower than ``LIKENESS`` allows.
        """
        normal = np.asarray(scores, np.float64)
        if self.tail is not None:
            return normal
        mean, deviation = self.typical
        seldom = np.maximum(normal, -special.ndtri(LIKENESS))
        reached = mean + deviation * _skewed(seldom, self.skew)
        return np.minimum(self._normal(reached), normal)

    @property
    def usual(self) -> Impostors:
        """Return these impostors as if the gallery were known to hold things of a usual kind."""
        mean, deviation = self.typical
        return replace(self, mean=mean, deviation=deviation, freedom=max(self.freedom, KNOWN))

    def describe(self, supported: bool) -> str:
        """Say in words what a threshold rests on."""
        if not self.size:
            return "what impostors score among things of other kinds; this gallery has shown none"
        basis = f"impostor scores, n={self.size}"
        if self.tail is not None:
            return f"{basis}, generalised-Pareto tail"
        return basis if supported else f"{basis}, too few for so low a rate"

    def supports(self, probability: float) -> bool:
        """Say whether the sample by itself says anything about so rare a score."""
        return self.effective * probability >= 0.3


def fisher(cosines: Floats) -> Floats:
    """Return Fisher's z (1915): a cosine ends at one, so that its tail is lighter than a normal
    one; of z the tail is normal, and as wide for any mean.
    """
    z: Floats = np.arctanh(np.clip(cosines, -NEAREST, NEAREST))
    return z


@dataclass(frozen=True, slots=True)
class Moments:
    """``mean`` and ``variance`` of a sample worth ``effective`` scores of ``shots`` each, of which
    ``paired`` are of pairs that share members.
    """

    mean: float
    variance: float
    effective: float
    paired: float
    shots: float

    @property
    def freedom(self) -> float:
        """Return the degrees of freedom that the sample adds to what is known of its deviation."""
        shared = self.paired * SHARED_MEMBERS / (self.paired + SHARED_MEMBERS)
        return SCORE_FREEDOM * (self.effective - shared)

    def after(self, mean: float, deviation: float) -> tuple[float, float]:
        """Mean and deviation of the next score, having expected these (Gelman et al. 2013)."""
        total = self.effective + PRIOR_WEIGHT
        centre = (self.effective * self.mean + PRIOR_WEIGHT * mean) / total
        weight = PRIOR_WEIGHT + PAIRED_WEIGHT * self.paired / max(self.effective, 1.0)
        variance = self.effective * self.variance + weight * deviation**2
        variance /= self.effective + weight
        variance += self.effective * PRIOR_WEIGHT / total**2 * (self.mean - mean) ** 2
        if self.effective:
            variance *= 1.0 + 1.0 / (total * self.shots)
        return centre, float(np.sqrt(variance))


def fit_impostors(
    scores: ArrayLike, effective: float, expected: Expected = STANDARD, *, paired: float = 0.0
) -> Impostors:
    """Fit the predictive distribution of the next impostor score (Gelman et al. 2013, chapter 3),
    the prior being what other kinds of images showed.

    ``effective`` is how many scores of their own the sample is worth, at most its size, of which
    ``paired`` are of pairs of categories. A large sample speaks for itself: its quantiles, and a
    generalised-Pareto tail beyond them (Pickands 1975; moments as Hosking & Wallis 1987).
    """
    sample = np.asarray(scores, np.float64).ravel()
    effective = min(effective, float(len(sample)))
    mean = float(sample.mean()) if len(sample) else expected.mean
    sample_variance = float(sample.var()) if len(sample) else 0.0
    likely = Moments(mean, sample_variance, effective, min(paired, effective), expected.shots)
    centre, deviation = likely.after(expected.mean, expected.deviation)
    typical = likely.after(*(expected.typical or (expected.mean, expected.deviation)))
    freedom = expected.freedom + likely.freedom
    skew = _skew(sample, mean, sample_variance, effective, expected.skew)
    tail = _fit_tail(sample) if effective >= TAIL_MINIMUM else None
    return Impostors(
        centre, deviation, freedom, len(sample), effective, skew, tail, typical=typical
    )


def fit_gallery_impostors(
    batches: list[ImpostorScores], effective: float, expected: Expected, *, paired: float = 0.0
) -> Impostors:
    """Fit the cosines of impostors in a gallery as ``fit_impostors`` does, though some of its
    categories are more easily taken for others; without any scores, they are as ``expected``.
    """
    if not batches:
        return replace(fit_impostors([], 0.0, expected), cosines=True)
    batches = [
        replace(batch, scores=fisher(np.minimum(batch.scores, LOOK_ALIKE))) for batch in batches
    ]
    mean = float(np.concatenate([batch.scores.ravel() for batch in batches]).mean())
    batches = [batch.completed(mean) for batch in batches]
    spreads = fit_spreads(batches)
    alike = np.concatenate([batch.narrowed(spreads, mean).ravel() for batch in batches])
    fitted = fit_impostors(alike, effective, expected, paired=paired)
    return replace(fitted, spreads=spreads, cosines=True)


def _skew(sample: Floats, mean: float, variance: float, effective: float, expected: float) -> float:
    """Move the skew from the expected to the sample's own with what it hides, and never below none:
    a light tail is not to be relied on.
    """
    if variance <= 0.0:
        return expected
    found = float((((sample - mean) / np.sqrt(variance)) ** 3).mean())
    hidden = min(SKEW_HIDDEN / max(effective, 1.0), MOST_HIDDEN)
    share = effective / (effective + SKEW_WEIGHT) * (1.0 + hidden)
    left = expected / (1.0 + (effective / SKEW_FADES) ** 2)
    return float(np.clip(share * found + left, 0.0, MAX_SKEW))


def _unskewed(deviates: Floats, skew: float) -> Floats:
    """Normal scores of Pearson type III deviates (Wilson & Hilferty 1931)."""
    if skew < 1e-3:
        return deviates
    base = np.maximum(1.0 + deviates * skew / 2.0, 1e-6)
    scores: Floats = (np.cbrt(base) - 1.0) * 6.0 / skew + skew / 6.0
    return scores


def _skewed(scores: Floats, skew: float) -> Floats:
    """The deviates of which ``_unskewed`` makes normal scores."""
    if skew < 1e-3:
        return scores
    base = np.maximum(1.0 + (scores - skew / 6.0) * skew / 6.0, 0.0)
    deviates: Floats = (base**3 - 1.0) * 2.0 / skew
    return deviates


def _fit_tail(sample: Floats) -> Tail:
    ends = special.ndtri([1.0 / len(sample), 1.0 - TAIL_SHARE])
    levels = np.linspace(ends[0], ends[1], KNOTS)
    quantiles = np.quantile(sample, special.ndtr(levels))
    quantiles = quantiles + np.arange(KNOTS) * 1e-9  # ties would have no slope
    excess = sample[sample > quantiles[-1]] - quantiles[-1]
    mean, variance = float(excess.mean()), max(float(excess.var()), 1e-18)
    shape = float(np.clip(0.5 * (1.0 - mean * mean / variance), -0.4, 0.3))
    return Tail(np.stack([levels, quantiles]), shape, max(mean * (1.0 - shape), 1e-9))


def _tail_normal_score(values: Floats, tail: Tail) -> Floats:
    levels, quantiles = tail.knots
    slope = (levels[-1] - levels[0]) / max(quantiles[-1] - quantiles[0], 1e-9)
    inside = np.interp(values, quantiles, levels)
    below = levels[0] + (values - quantiles[0]) * slope
    excess = np.maximum(values - quantiles[-1], 0.0) / tail.scale
    log_share = _log_survival(excess, tail.shape) + np.log(TAIL_SHARE)
    beyond = -special.ndtri_exp(log_share)
    result = np.where(values < quantiles[0], below, inside)
    result = np.where(values > quantiles[-1], beyond, result)
    return _bounded(result)


def _bounded(values: Floats) -> Floats:
    bounded: Floats = np.clip(values, -MAX_NORMAL_SCORE, MAX_NORMAL_SCORE)
    return bounded


def _log_survival(excess: Floats, shape: float) -> Floats:
    """Return the logarithm of the survival of the generalised Pareto with scale one. Past the end
    of a short tail it goes on falling exponentially, so that scores keep their order.
    """
    if abs(shape) < 1e-6:
        return -excess
    if shape > 0:
        return -np.log1p(shape * excess) / shape
    end = -0.95 / shape
    near = -np.log1p(shape * np.minimum(excess, end)) / shape
    return near - np.maximum(excess - end, 0.0) / (1.0 + shape * end)
