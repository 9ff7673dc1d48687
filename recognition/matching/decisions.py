"""Open-set answers at a false-accept rate that the curator chooses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import special

from recognition.core.arrays import Floats, unit_rows
from recognition.core.rates import DEFAULT_FAR
from recognition.core.types import (
    Ambiguity,
    Candidate,
    Decision,
    Evidence,
    Matrix,
    Outcome,
    Threshold,
    Vector,
    Verification,
)
from recognition.matching.earning import helps
from recognition.matching.model import GalleryModel
from recognition.matching.scoring import Prepared, Scores, category_scores
from recognition.matching.support import SupportSet

NEGATIVE_BY_SCORE = 5.0
NEGATIVE_BY_DISTANCE = 2.0
SAME_PHOTO = 0.02
"""How fast a category loses as a query comes nearer to what it is not than to what it is: by their
scores, and by the logarithm of their distances, which no crowded gallery hides. ``SAME_PHOTO`` is a
distance at which two photos are one."""

TIE = 1.5
"""Two categories are told apart where one is so many times as likely as the other."""

NO_CANDIDATE = -30.0


def decide(
    model: GalleryModel,
    queries: Matrix,
    support: SupportSet | Prepared,
    *,
    top_k: int = 5,
    far: float = DEFAULT_FAR,
    rejected: SupportSet | None = None,
) -> Decision:
    """Say what ``queries`` ``(m, d)``, looks at one and the same thing, show.

    ``support`` holds all references and prompts of the categories in question: of a small gallery
    all, of a large one those of the nearest categories; the model's ``prepare`` makes it ready for
    many queries. ``rejected`` are queries of which somebody said "not this", each with the category
    that it was not. ``far`` is the share of queries of something unknown that may be matched with
    anything (FPIR), so that the threshold grows with the gallery. What stands out less than a
    threshold that allows for all that is uncertain is ambiguous, not a match.
    """
    if isinstance(support, SupportSet):
        support = model.prepare(support)
    ranked = _rank(model, queries, support, rejected)
    threshold = identification_threshold(model, far, len(ranked))
    return _decision(model, ranked, threshold, top_k, _shots(support.support, ranked))


def decide_regions(
    model: GalleryModel,
    regions: Matrix,
    support: SupportSet | Prepared,
    *,
    top_k: int = 5,
    far: float = DEFAULT_FAR,
    rejected: SupportSet | None = None,
) -> list[Decision]:
    """Say of each of ``regions`` ``(r, d)`` of one photo what it shows, as ``decide`` does.

    ``far`` holds for the photo: it is the probability that anything unknown in it is matched,
    however many regions it has. The region that stands out most is held against a threshold that
    allows for all regions, and each one after it for those that are left (the step-down procedure
    of Holm 1979, with Sidak's correction), so that known things in a photo do not hide others.
    """
    if isinstance(support, SupportSet):
        support = model.prepare(support)
    ranked = [_rank(model, row[None], support, rejected) for row in regions]
    best = np.array([each[0].score if each else -np.inf for each in ranked])
    decisions: dict[int, Decision] = {}
    left = len(ranked)
    for at in np.argsort(-best, kind="stable").tolist():
        threshold = identification_threshold(model, far, len(ranked[at]), left)
        shots = _shots(support.support, ranked[at])
        decisions[at] = _decision(model, ranked[at], threshold, top_k, shots)
        left -= int(best[at] >= threshold.passed_at)
    return [decisions[at] for at in range(len(ranked))]


def verify(
    model: GalleryModel,
    queries: Matrix,
    support: SupportSet,
    *,
    category: int,
    far: float = DEFAULT_FAR,
    rejected: SupportSet | None = None,
    regions: int = 1,
) -> Verification:
    """Say whether ``queries`` show ``category``, of which ``support`` holds all references and
    prompts; it has to have one. ``far`` is the share of impostors that may be accepted; where the
    queries are one of so many ``regions`` of a photo, the share of photos of impostors.
    """
    claimed = support.of_categories([category])
    if not len(claimed):
        raise ValueError("A category without references or prompts cannot be verified.")
    ready = model.prepare(claimed)
    ranked = _rank(model, queries, ready, rejected)
    threshold = verification_threshold(model, far, regions)
    [candidate] = ranked
    accepted = candidate.score >= threshold.score and threshold.supported
    unproven = not accepted and _looks_like(candidate, threshold)
    return Verification(
        accepted,
        candidate,
        threshold,
        model.calibration.calibrated,
        reason=Ambiguity.UNPROVEN if unproven else None,
        helps=helps(model, _shots(ready.support, ranked)) if unproven else (),
        enrolled=model.categories,
    )


def identification_threshold(
    model: GalleryModel, far: float, categories: int = 0, regions: int = 1
) -> Threshold:
    """Return the normal score that the best of all categories, over so many regions, reaches by
    chance with probability ``far``: the single comparison's, corrected for their number (Sidak
    1967).
    """
    count = max(model.categories, categories, 1) * regions
    return _of_regions(_threshold(model, far, _single(far, count)), regions)


def verification_threshold(model: GalleryModel, far: float, regions: int = 1) -> Threshold:
    """Return the normal score that one comparison, or the best over so many regions, reaches by
    chance with probability ``far``.
    """
    single = far if regions == 1 else _single(far, regions)
    return _of_regions(_threshold(model, far, single), regions)


def _single(far: float, count: int) -> float:
    return float(-np.expm1(np.log1p(-far) / count))


def _of_regions(threshold: Threshold, regions: int) -> Threshold:
    if regions == 1:
        return threshold
    return replace(threshold, basis=f"{threshold.basis}; {regions} regions of one photo")


def _threshold(model: GalleryModel, far: float, single: float) -> Threshold:
    """``single`` is how seldom one comparison may reach it, ``far`` what the curator set."""
    basis = model.basis
    score = -float(special.ndtri(single))
    tentative = float(basis.typical_scores(score))
    if not model.knows_its_photos:
        words = f"what everyday photos score, n={basis.size}; the gallery's own may differ"
        return Threshold(score, far, words, basis.size > 0, tentative)
    supported = model.background.prior.measured or basis.supports(far)
    return Threshold(score, far, basis.describe(supported), supported, tentative)


def _rank(
    model: GalleryModel, queries: Matrix, ready: Prepared, rejected: SupportSet | None
) -> tuple[Candidate, ...]:
    query, support = unit_rows(queries.mean(axis=0, keepdims=True)), ready.support
    if not len(support):
        return ()
    scores = category_scores(query, ready, model.impostors)
    fused = _pushed_down(model, query, support, scores, rejected)
    shares = model.calibration.probabilities(fused[None, :])[0]
    order = np.lexsort((scores.categories, -fused))
    deciding = _deciding(query[0], support, scores)
    candidates = [
        Candidate(
            int(scores.categories[column]),
            float(fused[column]),
            deciding[column].similarity,
            deciding[column],
            float(shares[column]),
            float(100.0 * special.ndtr(fused[column])),
        )
        for column in order
    ]
    return tuple(candidates)


def _pushed_down(
    model: GalleryModel,
    query: Matrix,
    support: SupportSet,
    scores: Scores,
    rejected: SupportSet | None,
) -> Floats:
    """A category loses what the query is nearer to something that it is known not to be."""
    fused: Floats = scores.fused[0].copy()
    if rejected is None or not len(rejected):
        return fused
    look = model.space(query)[0]
    for category, rows in rejected.groups():
        at = np.flatnonzero(scores.categories == category)
        if not len(at):
            continue
        near = float((model.space(rejected.vectors[rows]) @ look).max())
        lead = np.maximum(model.impostors.normal_score(near) - fused[at], 0.0)
        fused[at] -= NEGATIVE_BY_SCORE * lead + NEGATIVE_BY_DISTANCE * _nearer(
            model, look, support, category, near
        )
    return fused


def _nearer(
    model: GalleryModel, look: Vector, support: SupportSet, category: int, near: float
) -> float:
    """Return how much nearer a look is to what it is not than to the category's references."""
    own = support.references.of_categories([category])
    if not len(own):
        return 0.0
    nearest = float((model.space(own.vectors) @ look).max())
    return max(float(np.log((1.0 - nearest + SAME_PHOTO) / (1.0 - near + SAME_PHOTO))), 0.0)


def _deciding(query: Vector, support: SupportSet, scores: Scores) -> list[Evidence]:
    """The item that speaks most for each category, of the kind that speaks most."""
    similarities = np.clip(support.vectors @ query, -1.0, 1.0)
    images, texts = scores.images[0], scores.texts[0]
    by_text = np.isnan(images) | (np.nan_to_num(texts, nan=NO_CANDIDATE) > np.nan_to_num(images))
    columns = np.searchsorted(scores.categories, support.categories)
    rows = np.flatnonzero(support.prompts == by_text[columns])
    rows = rows[np.lexsort((support.ids[rows], -similarities[rows], columns[rows]))]
    _, first = np.unique(columns[rows], return_index=True)
    return [
        Evidence(
            int(support.ids[best]),
            int(support.categories[best]),
            support.kind(best),
            float(similarities[best]),
        )
        for best in rows[first]
    ]


def _decision(
    model: GalleryModel,
    ranked: tuple[Candidate, ...],
    threshold: Threshold,
    top_k: int,
    shots: int,
) -> Decision:
    above = [c for c in ranked if c.score >= threshold.score]
    margin = np.log(TIE) / model.calibration.slope
    reason, category = None, None
    if len(above) > 1 and above[0].score - above[1].score < margin:
        outcome, reason = Outcome.AMBIGUOUS, Ambiguity.SEVERAL
    elif above and threshold.supported:
        outcome, category = Outcome.MATCH, above[0].category
    elif ranked and _looks_like(ranked[0], threshold):
        outcome, reason = Outcome.AMBIGUOUS, Ambiguity.UNPROVEN
    else:
        outcome = Outcome.UNKNOWN
    return Decision(
        outcome,
        category,
        ranked[:top_k],
        threshold,
        model.calibration.calibrated,
        plausible=_plausible(model, ranked),
        reason=reason,
        helps=helps(model, shots) if reason is Ambiguity.UNPROVEN else (),
        enrolled=model.categories,
    )


def _looks_like(candidate: Candidate, threshold: Threshold) -> bool:
    least = threshold.score if threshold.tentative is None else threshold.tentative
    return candidate.score >= least


def _shots(support: SupportSet, ranked: tuple[Candidate, ...]) -> int:
    """Count the references that the best candidate has."""
    if not ranked:
        return 0
    return int((support.references.categories == ranked[0].category).sum())


def _plausible(model: GalleryModel, ranked: tuple[Candidate, ...]) -> tuple[int, ...]:
    if not model.calibration.calibrated:
        return ()
    least = model.calibration.plausible
    return tuple(c.category for c in ranked if (c.confidence or 0.0) >= least)
