"""What a chart shows, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from recognition.selectors.past_answers import Day
from recognition.templatetags.matching import one_in

Results = Mapping[str, Any]


def summaries(results: Results, far: float) -> dict[str, str]:
    """A sentence for each chart of an evaluation."""
    return {
        "det": det_words(results["det"], far),
        "scores": score_words(results),
        "reliability": reliability_words(results["confidence"]),
    }


def det_words(points: Sequence[Mapping[str, float]], far: float) -> str:
    if not points:
        return ""
    allowed = [point for point in points if point["far"] <= far]
    if not allowed:
        return f"Not enough comparisons to tell the cost of {one_in(far)}."
    best = min(allowed, key=lambda point: point["frr"])
    return (
        f"If {one_in(far)} unknown photos may pass, {best['frr']:.1%} of the known ones are missed."
    )


def score_words(results: Results) -> str:
    scores = results["scores"]
    if not scores:
        return ""
    genuine, impostor = (_above(scores, kind) for kind in ("genuine", "impostor"))
    return (
        f"Of {_photos(results['known'])} of a known category, {genuine:.0%} score above the "
        f"threshold of {scores['threshold']:.1f} with their own; of {results['comparisons']:,} "
        f"comparisons with another, {impostor:.1%} do."
    )


def reliability_words(confidence: Mapping[str, Any] | None) -> str:
    if not confidence:
        return ""
    calibrated = "It is calibrated" if confidence["calibrated"] else "It is not calibrated yet"
    return f"{calibrated}: confidence misses the truth by {confidence['ece']:.1%} on average."


def activity_words(days: Sequence[Day]) -> str:
    totals = {kind: sum(getattr(day, kind) for day in days) for kind in _KINDS}
    asked = sum(totals[kind] for kind in ("match", "ambiguous", "unknown"))
    if not asked and totals["verified"]:
        return f"{_photos(totals['verified'])} verified in {len(days)} days."
    if not asked:
        return f"No photos in the last {len(days)} days."
    busiest = max(days, key=lambda day: day.match + day.ambiguous + day.unknown)
    return (
        f"{_photos(asked)} in {len(days)} days: {totals['match']:,} matches, "
        f"{totals['ambiguous']:,} ambiguous, {totals['unknown']:,} unknown; "
        f"{totals['judged']:,} reviewed. The busiest day was {busiest.day:%-d %B}."
    )


def _photos(count: int) -> str:
    return f"{count:,} photo{'' if count == 1 else 's'}"


_KINDS = ("match", "ambiguous", "unknown", "judged", "verified")


def _above(scores: Mapping[str, Any], kind: str) -> float:
    """The share of a histogram above its threshold, to the nearest bar."""
    bars = zip(scores["edges"], scores["edges"][1:], scores[kind], strict=False)
    return sum(float(share) for low, high, share in bars if (low + high) / 2 >= scores["threshold"])
