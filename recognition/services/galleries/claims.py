"""How often something unknown passes, as it may be said: measured where it was, else estimated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from recognition.models import Evaluation, Gallery

OUTDATED = 0.2
"""Changes to a gallery, as a share of what was enrolled, from which its measurement is said to be
of another time."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The share of unknown photos that are matched or, of a verification, of false claims that are
    accepted.

    ``target`` is the false-accept rate that the thresholds are set for and ``aim`` what the curator
    wants, which differ where the thresholds were set by a measurement. ``rate`` is the measured
    share with its 95 % interval ``low`` to ``high`` over ``trials``; where none was measured it is
    the target, an estimate. ``contradicts`` is whether the aim lies outside the interval, and
    ``advised`` the target at which the measured rate would not exceed the aim. ``changes`` is how
    often the gallery has changed since, where that is often enough to matter.
    """

    target: float
    aim: float
    rate: float
    low: float | None = None
    high: float | None = None
    trials: int = 0
    measured: bool = False
    contradicts: bool = False
    advised: float | None = None
    changes: int = 0
    verification: bool = False


def claim_of(gallery: Gallery, far: float | None = None, *, verification: bool = False) -> Claim:
    """Say what is known of a gallery at the false-accept rate ``far``, by default its own.

    Reads nothing but ``gallery`` itself.
    """
    target = gallery.target_far if far is None else far
    aim = aim_of(gallery, target)
    found = _measured_at(gallery, target, "far" if verification else "fpir")
    if found is None:
        return Claim(target, aim, target, verification=verification)
    kept = gallery.measured or {}
    contradicts = not found["low"] <= aim <= found["high"]
    # Advice is for the thresholds that were measured; one that was taken is not given again.
    advised = kept["advised"] if target == kept["target"] and not verification else None
    return Claim(
        target,
        aim,
        found["value"],
        found["low"],
        found["high"],
        found["trials"],
        measured=True,
        contradicts=contradicts,
        advised=advised if contradicts else None,
        changes=_changes(gallery, kept),
        verification=verification,
    )


def aim_of(gallery: Gallery, target: float) -> float:
    """Return the false-accept rate that a curator wants who has set ``target``: that itself, or the
    aim of the measurement that advised it or was made of it.
    """
    kept = gallery.measured or {}
    return float(kept["aim"]) if kept and target in (kept["target"], kept["advised"]) else target


def claim_answer(claim: Claim) -> dict[str, Any]:
    """Return the claim in the form that every interface gives."""
    answer = asdict(claim)
    del answer["verification"]
    return answer


def keep_measured(evaluation: Evaluation, results: Mapping[str, Any]) -> None:
    """Keep on a gallery what a measurement by itself found of its error rates.

    Not where its encoder was changed meanwhile, nor of a measurement at a rate that is not the
    gallery's.
    """
    gallery, promise = evaluation.gallery, results["promise"]
    if evaluation.target_far != gallery.target_far:
        return
    measured = {
        "generation": gallery.generation,
        "feedback_generation": gallery.feedback_generation,
        "enrolled": results["references"] + results["prompts"],
        "measured_at": timezone.now().isoformat(),
        "target": promise["target"],
        "aim": promise["aim"],
        "advised": promise["advised"],
        "rates": promise["rates"],
    }
    Gallery.objects.filter(pk=gallery.pk, encoder_id=evaluation.encoder_id).update(
        measured=measured
    )


def _measured_at(gallery: Gallery, target: float, error: str) -> dict[str, Any] | None:
    kept = gallery.measured or {"rates": []}
    return next((each[error] for each in kept["rates"] if each["rate"] == target), None)


def _changes(gallery: Gallery, kept: Mapping[str, Any]) -> int:
    changes: int = (
        gallery.generation
        - kept["generation"]
        + gallery.feedback_generation
        - kept["feedback_generation"]
    )
    return changes if changes > OUTDATED * kept["enrolled"] else 0
