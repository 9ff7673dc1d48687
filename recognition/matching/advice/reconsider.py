"""What past queries would have been answered at another false-accept rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from recognition.core.arrays import Floats
from recognition.core.types import Outcome
from recognition.matching.decisions import verification_threshold
from recognition.matching.model import GalleryModel

Outcomes: TypeAlias = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class PastAnswers:
    """Answers as they were given, ``(n,)`` each: the scores of the first two candidates (minus
    infinity where there was none), the threshold, the rate that it aimed for, the outcome.
    """

    best: Floats
    second: Floats
    threshold: Floats
    far: Floats
    outcome: Outcomes

    def __len__(self) -> int:
        return len(self.best)


def reconsider(past: PastAnswers, far: float, margin: float, model: GalleryModel) -> Outcomes:
    """Return the outcome of each at the target rate ``far``, given the same scores.

    ``margin`` is how far ahead of the second candidate the first one has to be. Where both were
    above the threshold, whether it was far enough is known from what was answered. What lies
    between chance and proof is judged by ``model``, the gallery's present one.
    """
    needed = threshold_at(past, far)
    looks_like = past.best >= model.basis.typical_scores(needed)
    proven = Outcome.MATCH if verification_threshold(model, far).supported else Outcome.AMBIGUOUS
    above, both = past.best >= needed, past.second >= needed
    with np.errstate(invalid="ignore"):
        tied = past.best - past.second < margin
    seen = past.second >= past.threshold
    tied = np.where(seen, past.outcome == Outcome.AMBIGUOUS.value, tied)
    found = np.where(both & tied, Outcome.AMBIGUOUS.value, proven.value)
    below = np.where(looks_like, Outcome.AMBIGUOUS.value, Outcome.UNKNOWN.value)
    changed: Outcomes = np.where(above, found, below)
    return np.where(past.far == far, past.outcome, changed)


def threshold_at(past: PastAnswers, far: float) -> Floats:
    """Return each answer's threshold at another rate, for as many categories as there were then:
    those follow from the threshold itself (see ``identification_threshold``).
    """
    single = special.log_ndtr(past.threshold)
    categories = np.maximum(np.log1p(-past.far) / np.minimum(single, -1e-300), 1.0)
    threshold: Floats = -special.ndtri(-np.expm1(np.log1p(-far) / categories))
    return threshold
