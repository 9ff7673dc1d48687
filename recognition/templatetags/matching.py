"""An answer's numbers, as people read them."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

from django import template

from recognition.models import Gallery
from recognition.services.galleries.claims import Claim, claim_of

register = template.Library()

HEADROOM = 1.1
RATES = (0.1, 0.01, 0.001)
LAST_MARK = -NormalDist().inv_cdf(RATES[-1])


@register.filter
def position(score: float, answer: dict[str, Any]) -> str:
    """Where a score lies on the answer's scale, in percent; 0 is what chance reaches on average."""
    scores = [candidate["score"] for candidate in answer.get("candidates", [answer])]
    least = LAST_MARK if "accepted" in answer else 1e-9
    end = max(answer["threshold"]["score"], *scores, least) * HEADROOM
    return f"{min(max(score / end, 0.0), 1.0) * 100:.1f}"


@register.filter
def one_in(rate: float | None) -> str:
    """A target false-accept rate as "1 in 100"."""
    return f"1 in {round(1 / rate):,}" if rate else ""


@register.filter
def percent(share: float | None) -> str:
    """A probability as a whole percentage, never rounded to certainty."""
    if share is None:
        return ""
    return f"{min(max(round(share * 100), 1), 99)} %"


@register.filter
def margin(answer: dict[str, Any]) -> float | None:
    """By how much the best candidate's score exceeds the next one's."""
    scores = [candidate["score"] for candidate in answer["candidates"]]
    return scores[0] - scores[1] if len(scores) > 1 else None


@register.filter
def marks(answer: dict[str, Any]) -> list[tuple[str, float]]:
    """The false-accept rates on a verification's scale, which is the axis of a DET plot (Martin
    et al. 1997): where one comparison with something else lands by chance that seldom."""
    return [(f"{rate * 100:g} %", -NormalDist().inv_cdf(rate)) for rate in RATES]


@register.filter
def share(value: float | None) -> str:
    """A measured share in percent, with a decimal where it is small."""
    if value is None:
        return ""
    return f"{value:.1%}" if 0.0 < value < 0.0995 else f"{value:.0%}"


@register.simple_tag
def claim(gallery: Gallery, far: float | None = None, verification: bool = False) -> Claim:
    """How often something unknown passes in a gallery, by default at its own rate."""
    return claim_of(gallery, far, verification=verification)


@register.filter
def claimed(claim: Claim) -> str:
    """The claim as a sentence, which says whether it was measured."""
    what, passes, would = "unknown photos", "pass", "pass"
    if claim.verification:
        what, passes, would = "false claims", "are accepted", "be accepted"
    if not claim.measured:
        return f"About {one_in(claim.rate)} {what} would {would} (an estimate)."
    when = f"Measured here, {claim.changes} changes ago" if claim.changes else "Measured here"
    how_many = f"{share(claim.rate)} of" if claim.rate else "no"
    return f"{when}: {how_many} {what} {passes} ({spread(claim)})."


@register.filter
def spread(claim: Claim) -> str:
    """The interval of a measured claim, in percent."""
    return f"{share(claim.low)} to {share(claim.high)}"
