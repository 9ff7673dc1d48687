"""An answer as it is shown: one sentence, and one strength on one scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template

from recognition.core.types import Ambiguity, Outcome
from recognition.matching.strength import strength, strength_word

register = template.Library()

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``kind`` is match, maybe, none or, of a verification, no; ``percent`` is the place of the
    best candidate on the scale of strength, which ``word`` names; ``candidate`` is None where there
    is none."""

    kind: str
    sentence: str
    percent: str
    word: str
    candidate: Answer | None
    others: list[Answer]


@register.filter
def verdict(answer: Answer) -> Verdict:
    """Read an identification or a verification."""
    candidates = answer.get("candidates", [answer])
    best = candidates[0] if candidates else None
    reached = _strength(best["score"], answer) if best else 0.0
    kind, sentence = _verified(answer, best) if "accepted" in answer else _identified(answer)
    word = strength_word(reached)
    if kind == "match":
        word = word if word == "strong match" else "match"
        sentence = f"{sentence}: {word}"
    return Verdict(kind, sentence, f"{100 * reached:.1f}", word, best, candidates[1:])


@register.simple_tag
def strength_of(score: float, answer: Answer) -> dict[str, str]:
    """Return the place of one candidate's score on the scale, in percent, and its word."""
    reached = _strength(score, answer)
    return {"percent": f"{100 * reached:.1f}", "word": strength_word(reached)}


def _strength(score: float, answer: Answer) -> float:
    threshold = answer["threshold"]
    return strength(
        score,
        threshold["score"],
        threshold.get("tentative"),
        supported=threshold.get("supported", True),
    )


def _identified(answer: Answer) -> tuple[str, str]:
    names = [candidate["name"] for candidate in answer["candidates"]]
    match answer["decision"], answer.get("reason"):
        case Outcome.MATCH.value, _:
            return "match", f"It's {names[0]}"
        case Outcome.AMBIGUOUS.value, Ambiguity.UNPROVEN.value:
            return "maybe", f"Maybe {names[0]}. Is it?"
        case Outcome.AMBIGUOUS.value, _ if len(names) > 1:
            return "maybe", f"{names[0]} or {names[1]}?"
    return "none", "Not in this gallery"


def _verified(answer: Answer, claimed: Answer | None) -> tuple[str, str]:
    name = claimed["name"] if claimed else "someone or something since removed"
    if answer["accepted"]:
        return "match", f"It's {name}"
    if answer.get("reason") == Ambiguity.UNPROVEN.value:
        return "maybe", f"Maybe {name}. Is it?"
    return "no", f"Not {name}"
