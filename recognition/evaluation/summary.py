"""From answers to what an evaluation found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from recognition.core.arrays import Bools, Floats
from recognition.evaluation.answers import Answers, Known, Unknown, joined, joined_unknown
from recognition.evaluation.curves import det_points, histogram, reliability_bins
from recognition.evaluation.metrics import (
    Interval,
    auroc,
    equal_error_rate,
    fnir_at_fpir,
    mean_interval,
    rate_interval,
    tar_at_far,
)
from recognition.evaluation.rates import RATES
from recognition.evaluation.results import (
    CategoryAccuracy,
    Confidence,
    Confusion,
    Identification,
    Note,
    OpenSet,
    PassedAtRate,
    Promise,
    Rate,
    Results,
    Verification,
)

MOST_CONFUSED = 20
WORST_CATEGORIES = 50
BALANCED = 2000

Name = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The amount enrolled while the questions were asked."""

    categories: int
    references: int
    prompts: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """Answers, summed up. ``repeated`` is whether the same images were asked in every part, as in
    episodes: then the parts, not the images, are what is independent. ``aim`` is the share of
    unknown queries that may pass, where it is not ``far`` itself.
    """

    parts: Sequence[Answers]
    far: float
    name: Name
    repeated: bool = False
    aim: float | None = None
    known: Known = field(init=False)
    unknown: Unknown = field(init=False)
    impostors: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", joined([part.known for part in self.parts]))
        object.__setattr__(self, "unknown", joined_unknown([part.unknown for part in self.parts]))
        object.__setattr__(self, "impostors", np.concatenate([p.impostors for p in self.parts]))

    def results(self, enrolled: Enrolled) -> Results:
        known, unknown = len(self.known.truth), len(self.unknown.best)
        both = bool(known and unknown)
        accept_at = self.parts[0].accept_at
        return Results(
            categories=enrolled.categories,
            references=enrolled.references,
            prompts=enrolled.prompts,
            known=known,
            unknown=unknown,
            comparisons=sum(part.comparisons for part in self.parts),
            promise=self._promise(),
            identification=self._identification() if known else None,
            verification=self._verification() if both else None,
            open_set=self._open_set() if both else None,
            confidence=self._confidence() if both else None,
            det=det_points(self.known.genuine, self.impostors) if both else (),
            scores=histogram(self.known.genuine, self.impostors, accept_at),
            notes=tuple(self._notes()),
        )

    def _rate(self, of: Callable[[Answers], Floats | Bools]) -> Rate | None:
        """The mean of what ``of`` says of each query of each part."""
        values = [np.asarray(of(part), float) for part in self.parts]
        values = [each for each in values if len(each)]
        if not values:
            return None
        every = np.concatenate(values)
        if self.repeated and len(values) > 1:
            interval = mean_interval([each.mean() for each in values])
            interval = Interval(interval.mean, max(0.0, interval.low), min(1.0, interval.high))
        else:
            interval = rate_interval(float(every.mean()), len(every))
        return Rate(interval.mean, interval.low, interval.high, len(every))

    def _of_known(self, values: Callable[[Known], Floats | Bools]) -> Rate:
        rate = self._rate(lambda part: values(part.known))
        assert rate is not None  # noqa: S101 - asked only where there are known queries
        return rate

    def _promise(self) -> Promise:
        rates = self._rates()
        fpir = self._rate(lambda part: part.unknown.best >= part.unknown.match_at)
        aim = self.far if self.aim is None else self.aim
        advised = advised_rate(rates, aim, self.far, fpir) if fpir else None
        shown = {*RATES, self.far, aim, advised}
        return Promise(
            target=self.far,
            supported=all(part.supported for part in self.parts),
            far=self._rate(lambda part: part.unknown.accepted),
            frr=self._rate(lambda part: part.known.genuine < part.known.accept_at),
            fpir=fpir,
            fnir=self._rate(lambda part: ~_found(part.known)),
            aim=aim,
            advised=advised,
            rates=tuple(each for each in rates if each.rate in shown),
        )

    def _rates(self) -> list[PassedAtRate]:
        trials = len(self.unknown.best)
        if not trials:
            return []
        matched = np.sum([part.passed.matched for part in self.parts], axis=0) / trials
        accepted = np.sum([part.passed.accepted for part in self.parts], axis=0) / trials
        return [
            PassedAtRate(rate, _rate_of(fpir, trials), _rate_of(far, trials))
            for rate, fpir, far in zip(self.parts[0].passed.rates, matched, accepted, strict=True)
        ]

    def _identification(self) -> Identification:
        return Identification(
            self._of_known(lambda known: known.rank < 1),
            self._of_known(lambda known: known.rank < 5),
            self._confusions(),
            self._categories(),
        )

    def _confusions(self) -> tuple[Confusion, ...]:
        wrong = self.known.rank > 0
        pairs = Counter(
            zip(self.known.truth[wrong].tolist(), self.known.answer[wrong].tolist(), strict=True)
        )
        total = len(self.known.truth)
        return tuple(
            Confusion(self.name(truth), self.name(found), count, count / total)
            for (truth, found), count in pairs.most_common(MOST_CONFUSED)
            if truth != found
        )

    def _categories(self) -> tuple[CategoryAccuracy, ...]:
        rows = []
        for category in np.unique(self.known.truth):
            own = self.known.rank[self.known.truth == category]
            rows.append((float((own == 0).mean()), int(category), int((own == 0).sum()), len(own)))
        return tuple(
            CategoryAccuracy(self.name(category), right, trials)
            for _, category, right, trials in sorted(rows)[:WORST_CATEGORIES]
        )

    def _verification(self) -> Verification:
        genuine = self.known.genuine
        tar = tar_at_far(genuine, self.impostors, self.far)
        return Verification(equal_error_rate(genuine, self.impostors), self._at(tar), self.far)

    def _open_set(self) -> OpenSet:
        known, unknown = self.known, self.unknown
        fnir = fnir_at_fpir(known.best, known.rank == 0, unknown.best, self.far)
        return OpenSet(auroc(known.best, unknown.best), self._at(fnir), self.far)

    def _at(self, value: float) -> Rate:
        return _rate_of(value, len(self.known.truth))

    def _confidence(self) -> Confidence:
        """Judge confidence on as many unknown queries as known ones, drawn at random: the mix
        decides nothing.
        """
        generator = np.random.default_rng(0)
        known = generator.integers(len(self.known.truth), size=BALANCED)
        unknown = generator.integers(len(self.unknown.best), size=BALANCED)
        confidence = [self.known.confidence[known], self.unknown.confidence[unknown]]
        right = [(self.known.rank == 0)[known].astype(float), np.zeros(BALANCED)]
        calibrated = all(part.calibrated for part in self.parts)
        ece, bins = reliability_bins(np.concatenate(confidence), np.concatenate(right))
        return Confidence(ece, calibrated, bins)

    def _notes(self) -> list[Note]:
        notes = []
        if not len(self.known.truth):
            detail = (
                "No category has two references or a judged query, so it cannot be said how often "
                "the right one is found. A second photo of some categories would tell."
            )
            notes.append(Note("no_known_queries", detail))
        if not len(self.unknown.best):
            detail = (
                "There was nothing unknown to ask about, so it cannot be said how often something "
                "is wrongly accepted. A second category would tell."
            )
            notes.append(Note("no_unknown_queries", detail))
        return notes


def advised_rate(
    rates: Sequence[PassedAtRate], aim: float, target: float, fpir: Rate
) -> float | None:
    """Find the largest rate at which no more passed than ``aim``, of strangers and of false claims.

    None where ``fpir``, measured at ``target``, agrees with the aim or is of too few queries to
    contradict it, and where no rate leads nearer to it.
    """
    if fpir.low <= aim <= fpir.high:
        return None
    kept = [each.rate for each in rates if max(each.fpir.value, each.far.value) <= aim]
    best = max(kept, default=target)
    nearer = best < target if fpir.value > aim else best > target
    return best if nearer else None


def _rate_of(value: float, trials: int) -> Rate:
    interval = rate_interval(value, trials)
    return Rate(float(value), interval.low, interval.high, trials)


def _found(known: Known) -> Bools:
    """Say whether identification named the right category, were it not for a tie with another."""
    found: Bools = (known.rank == 0) & (known.best >= known.match_at)
    return found
