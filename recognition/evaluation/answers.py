"""What the product answers to queries of known truth, many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from recognition.core.arrays import Floats
from recognition.core.types import Ids, Matrix
from recognition.evaluation.metrics import ranks
from recognition.matching.decisions import (
    decide,
    identification_threshold,
    verification_threshold,
)
from recognition.matching.fit import UNKNOWN
from recognition.matching.model import GalleryModel
from recognition.matching.scoring import Prepared, category_scores
from recognition.matching.support import SupportSet

MAX_COMPARISONS = 20_000
"""Impostor scores that a batch keeps for curves; more are drawn from at random."""


@dataclass(frozen=True, slots=True)
class Known:
    """Queries whose category is enrolled, each array ``(n,)``: the score of the right category,
    the best score, the rank of the right one from 0, the category and the confidence of the best,
    and the scores from which verification accepts and identification matches, infinity where they
    never do.
    """

    truth: Ids
    answer: Ids
    genuine: Floats
    best: Floats
    rank: Ids
    confidence: Floats
    accept_at: Floats
    match_at: Floats


@dataclass(frozen=True, slots=True)
class Unknown:
    """Queries whose category is not enrolled, each array ``(n,)``: the best score, its confidence,
    the share of categories that verification accepts, and from which score identification matches.
    """

    best: Floats
    confidence: Floats
    accepted: Floats
    match_at: Floats


@dataclass(frozen=True, slots=True)
class Passed:
    """The unknown queries that pass at each of several false-accept ``rates`` ``(r,)``: how many
    identification matches, and the sum of the shares of categories that verification accepts of
    them.
    """

    rates: tuple[float, ...]
    matched: Floats
    accepted: Floats


@dataclass(frozen=True, slots=True)
class Answers:
    """A batch, answered by one model. ``impostors`` ``(k,)`` are scores of unknown queries with
    categories and ``comparisons`` how many there were; ``passed`` is known of the rates that were
    asked for.
    """

    known: Known
    unknown: Unknown
    impostors: Floats
    comparisons: int
    accept_at: float
    supported: bool
    calibrated: bool
    passed: Passed


def answer(
    model: GalleryModel,
    support: SupportSet,
    queries: Matrix,
    truths: Ids,
    *,
    far: float,
    rejected: SupportSet | None = None,
    rates: Sequence[float] = (),
) -> Answers:
    """Ask a fitted gallery about queries ``(n, d)`` whose categories are ``truths`` ``(n,)``; what
    is of no category of ``support`` is unknown to it. ``far`` is what it aims for; how much passes
    at other ``rates`` is told beside.

    The same scores, confidences and thresholds as ``decide`` and ``verify`` give one by one.
    """
    categories = np.unique(support.categories)
    scores, confidence = _scores(model, model.prepare(support), queries, rejected)
    accept = verification_threshold(model, far)
    match = identification_threshold(model, far, len(categories))
    here = np.isin(truths, categories)
    others = scores[~here]
    return Answers(
        _known(
            scores[here],
            confidence[here],
            truths[here],
            categories,
            accept.passed_at,
            match.passed_at,
        ),
        Unknown(
            others.max(axis=1),
            confidence[~here].max(axis=1),
            (others >= accept.passed_at).mean(axis=1),
            np.full(len(others), match.passed_at),
        ),
        _thinned(others.ravel()),
        others.size,
        accept.score,
        accept.supported and match.supported,
        model.calibration.calibrated,
        _passed(model, others, rates),
    )


def _passed(model: GalleryModel, others: Floats, rates: Sequence[float]) -> Passed:
    best, count = others.max(axis=1), others.shape[1]
    matched = [
        (best >= identification_threshold(model, rate, count).passed_at).sum() for rate in rates
    ]
    accepted = [
        (others >= verification_threshold(model, rate).passed_at).mean(axis=1).sum()
        for rate in rates
    ]
    return Passed(tuple(rates), np.array(matched, float), np.array(accepted, float))


def joined(parts: list[Known]) -> Known:
    return Known(
        *(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Known))
    )


def joined_unknown(parts: list[Unknown]) -> Unknown:
    return Unknown(
        *(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Unknown))
    )


def _scores(
    model: GalleryModel, ready: Prepared, queries: Matrix, rejected: SupportSet | None
) -> tuple[Floats, Floats]:
    """Scores and confidences ``(n, c)``; one by one where somebody has said "not this"."""
    if rejected is not None and len(rejected):
        return _one_by_one(model, ready, queries, rejected)
    scores = category_scores(queries, ready, model.impostors).fused
    return scores, model.calibration.probabilities(scores)


def _one_by_one(
    model: GalleryModel, ready: Prepared, queries: Matrix, rejected: SupportSet
) -> tuple[Floats, Floats]:
    count = len(ready.categories)
    scores, confidence = np.empty((len(queries), count)), np.empty((len(queries), count))
    for row, query in enumerate(queries):
        decision = decide(model, query[None], ready, top_k=count, rejected=rejected)
        ordered = sorted(decision.candidates, key=lambda each: each.category)
        scores[row] = [each.score for each in ordered]
        confidence[row] = [each.confidence or 0.0 for each in ordered]
    return scores, confidence


def _known(
    scores: Floats,
    confidence: Floats,
    truths: Ids,
    categories: Ids,
    accept_at: float,
    match_at: float,
) -> Known:
    columns = np.searchsorted(categories, truths)
    rows = np.arange(len(scores))
    best: Ids = scores.argmax(axis=1) if len(scores) else np.empty(0, np.int64)
    return Known(
        truths,
        categories[best],
        scores[rows, columns],
        scores[rows, best],
        ranks(scores, columns),
        confidence[rows, best],
        np.full(len(scores), accept_at),
        np.full(len(scores), match_at),
    )


def _thinned(scores: Floats) -> Floats:
    if len(scores) <= MAX_COMPARISONS:
        return scores
    chosen: Floats = np.random.default_rng(0).choice(scores, MAX_COMPARISONS, replace=False)
    return chosen


__all__ = ["UNKNOWN", "Answers", "Known", "Passed", "Unknown", "answer", "joined", "joined_unknown"]
