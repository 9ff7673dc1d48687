"""How much wider chance scores one category than another."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from recognition.core.arrays import Floats
from recognition.core.types import Ids

SPREAD_WEIGHT = 20.0
"""Other categories at which a category's own spread counts half, beside the gallery's."""

OUTLYING = 2.5
"""Deviations at which a score is counted at most: one twin does not make a category hard."""


TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Spreads:
    """The deviation of the impostor scores of some ``categories`` ``(c,)``, ascending, as
    ``ratios`` ``(c,)`` to that of all: a threshold of their own, where there is enough to say.
    """

    categories: Ids
    ratios: Floats

    @classmethod
    def alike(cls) -> Spreads:
        return cls(np.empty(0, np.int64), np.empty(0))

    def of(self, categories: Ids) -> Floats:
        """Return the ratios ``(c,)`` of categories, one for a category of which nothing is
        known.
        """
        if not len(self.categories):
            return np.ones(len(categories))
        at = np.minimum(np.searchsorted(self.categories, categories), len(self.categories) - 1)
        found: Floats = np.where(self.categories[at] == categories, self.ratios[at], 1.0)
        return found


@dataclass(frozen=True, slots=True)
class ImpostorScores:
    """Scores ``(n, c)`` of references with ``categories`` ``(c,)`` that they are not of.

    They were left out meanwhile: ``excess`` is how much wider scores are while so much is missing.
    They show ``sources`` different things.
    """

    scores: Floats
    categories: Ids
    excess: float = 1.0
    sources: int = 1

    def completed(self, mean: float) -> ImpostorScores:
        """Return these scores as if nothing were left out."""
        return replace(self, scores=mean + (self.scores - mean) / self.excess)

    def narrowed(self, spreads: Spreads, mean: float) -> Floats:
        """Return the scores as if chance scored all categories alike."""
        scaled: Floats = mean + (self.scores - mean) / spreads.of(self.categories)
        return scaled


def fit_spreads(batches: list[ImpostorScores]) -> Spreads:
    """Fit the mean square about the gallery's mean, shrunk to the gallery's (James & Stein 1961):
    what Z-norm does for each target, as far as so few impostors allow.

    Each batch holds the references of some categories that were left out.
    """
    categories = np.unique(np.concatenate([batch.categories for batch in batches]))
    scores = np.concatenate([batch.scores.ravel() for batch in batches])
    mean, most = float(scores.mean()), float((OUTLYING * scores.std()) ** 2)
    squares, rows, others = (np.zeros(len(categories)) for _ in range(3))
    for batch in batches:
        at = np.searchsorted(categories, batch.categories)
        squares[at] += np.minimum((batch.scores - mean) ** 2, most).sum(axis=0)
        rows[at] += len(batch.scores)
        others[at] += batch.sources
    usual = float(squares.sum() / rows.sum())
    shrunk = (others * squares / rows + SPREAD_WEIGHT * usual) / (others + SPREAD_WEIGHT)
    return Spreads(categories, np.sqrt((shrunk + TINY) / (usual + TINY)))
