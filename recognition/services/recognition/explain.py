"""Why an answer is what it is, in sentences."""

from __future__ import annotations

from recognition.core.types import Ambiguity
from recognition.services.recognition.answer import Answer


def explain(answer: Answer) -> str:
    """Tell the evidence that decided, the margin, and the threshold with the rate it aims for."""
    candidates, threshold = answer["candidates"], answer["threshold"]
    if not candidates:
        return "There is nothing in the gallery to compare with."
    best = candidates[0]
    sentences = [
        f"The nearest is {best['name']}, by {_evidence(best['evidence'])}, with a score of "
        f"{best['score']:.2f}; {threshold['score']:.2f} are needed"
        f"{_rate(threshold)} ({threshold['basis']})."
    ]
    if len(candidates) > 1:
        second = candidates[1]
        sentences.append(f"It is {best['score'] - second['score']:.2f} ahead of {second['name']}.")
    if answer["reason"] == Ambiguity.SEVERAL:
        sentences.append("That is too little to tell them apart.")
    if answer["reason"] == Ambiguity.UNPROVEN:
        sentences.append(
            f"From {threshold['tentative']:.2f} on it looks like it, which chance may still reach."
        )
    if best["impostor_percentile"] is not None:
        sentences.append(
            f"{best['impostor_percentile']:.2f} % of impostors score less than the nearest does."
        )
    return " ".join(sentences)


def _evidence(evidence: Answer) -> str:
    what = f"the prompt “{evidence['text']}”" if "text" in evidence else "one reference"
    return f"{what} (similarity {evidence['similarity']:.2f})"


def _rate(threshold: Answer) -> str:
    return f" for a false-accept rate of {threshold['target_far']:.2%}"
