"""An answer in one sentence, the same in every interface."""

from __future__ import annotations

from recognition.core.types import (
    Ambiguity,
    Decision,
    Domain,
    Help,
    Outcome,
    QualityWarning,
    Verification,
)
from recognition.matching.earning import CATEGORIES, NEGATIVES

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
FEW = 12
"""Categories up to which their number is given as what the doubt comes from."""


def identification_sentence(decision: Decision, names: list[str]) -> str:
    """Say what a photo shows; ``names`` are the candidates', best first."""
    best = names[0] if names else ""
    if decision.outcome is Outcome.MATCH and names:
        return f"It is {best}."
    if decision.reason is Ambiguity.SEVERAL and len(names) > 1:
        return f"It is {best} or {names[1]}; this photo does not show which."
    if decision.reason is Ambiguity.UNPROVEN and names:
        return _unproven(best, decision.enrolled)
    return "Not in this gallery."


def verification_sentence(verification: Verification, name: str) -> str:
    """Say whether a photo shows what it is claimed to, ``name``."""
    if verification.accepted:
        return f"Accepted: it is {name}."
    if verification.reason is Ambiguity.UNPROVEN:
        return f"Not accepted: {_lowered(_unproven(name, verification.enrolled))}"
    return f"Rejected: it does not look like {name}."


def cautions(domain: Domain, verification: Verification) -> tuple[QualityWarning, ...]:
    """Say what an accepted claim does not tell, in a gallery of that domain."""
    if domain is Domain.DRAWINGS and verification.accepted:
        return (
            QualityWarning(
                "shape_alone",
                "A match compares shapes, and a practised forger can draw the same shape. Do not "
                "use this as the only check of a signature.",
            ),
        )
    return ()


def help_sentences(helps: tuple[Help, ...], name: str) -> list[dict[str, str]]:
    """Return what would settle it, the quickest first: each with a stable code."""
    return [{"code": each.value, "detail": _help(each, name)} for each in helps]


def _unproven(name: str, enrolled: int) -> str:
    if enrolled > FEW:
        return f"Maybe {name}, but this could be chance."
    known = f"{_number(enrolled)} categor{'y' if enrolled == 1 else 'ies'}"
    return f"Maybe {name}, but with {known} this could be chance."


def _help(help_: Help, name: str) -> str:
    match help_:
        case Help.NEGATIVES:
            return f"Add {_number(NEGATIVES)} photos of things that are not in this gallery."
        case Help.CATEGORIES:
            return f"Add {_number(CATEGORIES)} more categories."
        case Help.PHOTO:
            return f"Add another photo of {name}."


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
