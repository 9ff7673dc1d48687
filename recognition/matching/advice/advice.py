"""Which category gains most from another photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from recognition.matching.model import GalleryModel
from recognition.matching.shots import members_of, shot_scores
from recognition.matching.support import SupportSet

WORTH = 0.4
"""The gain from which on another photo is asked for."""


@dataclass(frozen=True, slots=True)
class Advice:
    """``gain`` in [0, 1] orders the categories; ``nearest`` is the one it is most likely taken
    for, ``score`` its normal score with it, ``shots`` the references it has.
    """

    category: int
    gain: float
    shots: int
    nearest: int | None
    score: float

    @property
    def wants_photo(self) -> bool:
        return self.gain >= WORTH and self.shots < 3


def gain_of(score: float, shots: int) -> float:
    """Return how much a photo more could do: the chance of being taken for the nearest other
    category, which is to be won, over the shots with it, as the variance of their mean falls.
    """
    return float(special.ndtr(score)) / (shots + 1)


def advise(model: GalleryModel, support: SupportSet) -> tuple[Advice, ...]:
    """List categories with references, the one that needs a photo most first."""
    references = support.references.canonical()
    categories, members = members_of(references)
    if not len(categories):
        return ()
    rows = model.space(references.vectors)
    scores = model.impostors.normal_score(shot_scores(rows, rows, members))
    advice = []
    for column, own in enumerate(members):
        others = np.delete(scores[own].max(axis=0), column)
        at = int(others.argmax()) if len(others) else None
        score = float(others.max()) if len(others) else 0.0
        nearest = None if at is None else int(np.delete(categories, column)[at])
        gain = gain_of(score, len(own))
        advice.append(Advice(int(categories[column]), gain, len(own), nearest, score))
    return tuple(sorted(advice, key=lambda each: (-each.gain, each.category)))
