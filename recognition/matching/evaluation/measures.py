"""What episodes show, gathered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from recognition.matching.arrays import Floats
from recognition.matching.evaluation.episodes import Episode, EpisodeScores, Method, play
from recognition.matching.evaluation.metrics import (
    Interval,
    auroc,
    equal_error_rate,
    expected_calibration_error,
    fnir_at_fpir,
    mean_interval,
    tar_at_far,
    top_k_right,
)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Closed-set accuracy over episodes; ``confusions`` are (truth, answer, share of all queries),
    the most frequent first."""

    top1: Interval
    top5: Interval
    confusions: tuple[tuple[int, int, float], ...]


@dataclass(frozen=True, slots=True)
class OpenSet:
    """Means over episodes with strangers, at a false-accept rate ``far``.

    ``eer`` and ``tar`` (at that FAR) are of verification with thresholds chosen in hindsight, as
    are ``fnir`` (at that FPIR) and ``auroc`` of identification. ``measured_far``, ``frr``,
    ``measured_fpir`` and ``measured_fnir`` are at the thresholds that were promised beforehand.
    ``ece`` is of the confidence in the best category, over queries and strangers alike weighted.
    """

    far: float
    eer: float
    tar: float
    fnir: float
    auroc: float
    measured_far: Interval
    frr: Interval
    measured_fpir: Interval
    measured_fnir: Interval
    ece: float


def accuracy(episodes: Iterable[Episode], method: Method, *, worst: int = 5) -> Accuracy:
    top1, top5 = [], []
    confusions: Counter[tuple[int, int]] = Counter()
    total = 0
    for episode in episodes:
        played = play(episode, method)
        top1.append(float(top_k_right(played.scores, played.truth, 1).mean()))
        top5.append(float(top_k_right(played.scores, played.truth, 5).mean()))
        wrong = ~played.right
        answers = played.categories[played.scores[wrong].argmax(axis=1)]
        confusions.update(zip(episode.truths[wrong].tolist(), answers.tolist(), strict=True))
        total += len(played.truth)
    most = tuple((*pair, count / total) for pair, count in confusions.most_common(worst))
    return Accuracy(mean_interval(top1), mean_interval(top5), most)


def open_set(episodes: Iterable[Episode], method: Method, *, far: float) -> OpenSet:
    """Verification and identification of a method whose scores are normal scores."""
    played = [play(episode, method) for episode in episodes]
    eer, tar, fnir, area = np.mean([_hindsight(each, far) for each in played], axis=0).tolist()
    measured_far, frr, fpir, measured_fnir = map(
        mean_interval, zip(*(_promised(each, far) for each in played), strict=True)
    )
    return OpenSet(
        far=far,
        eer=eer,
        tar=tar,
        fnir=fnir,
        auroc=area,
        measured_far=measured_far,
        frr=frr,
        measured_fpir=fpir,
        measured_fnir=measured_fnir,
        ece=calibration_error(played),
    )


def calibration_error(played: Sequence[EpisodeScores]) -> float:
    """ECE of the best category's confidence, as many strangers as queries."""
    confidence, right = confidence_of_best(played)
    return expected_calibration_error(confidence, right)


def confidence_of_best(played: Sequence[EpisodeScores]) -> tuple[Floats, Floats]:
    """Confidence in the best category, and whether it was right, resampled to equal shares."""
    generator = np.random.default_rng(0)
    confidence, right = [], []
    for each in played:
        known = generator.integers(len(each.confidence), size=200)
        unknown = generator.integers(len(each.stranger_confidence), size=200)
        confidence += [each.confidence.max(axis=1)[known]]
        confidence += [each.stranger_confidence.max(axis=1)[unknown]]
        right += [each.right[known].astype(float), np.zeros(200)]
    return np.concatenate(confidence), np.concatenate(right)


def _hindsight(played: EpisodeScores, far: float) -> tuple[float, float, float, float]:
    best, strangers = played.scores.max(axis=1), played.strangers.max(axis=1)
    impostors = played.strangers.ravel()
    return (
        equal_error_rate(played.genuine, impostors),
        tar_at_far(played.genuine, impostors, far),
        fnir_at_fpir(best, played.right, strangers, far),
        auroc(best, strangers),
    )


def _promised(played: EpisodeScores, far: float) -> tuple[float, float, float, float]:
    one = -float(special.ndtri(far))
    any_ = -float(special.ndtri(-np.expm1(np.log1p(-far) / played.scores.shape[1])))
    found = played.right & (played.scores.max(axis=1) >= any_)
    return (
        float((played.strangers >= one).mean()),
        float((played.genuine < one).mean()),
        float((played.strangers.max(axis=1) >= any_).mean()),
        float(1.0 - found.mean()),
    )
