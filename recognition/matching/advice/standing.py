"""How references stand among each other: what a curator looks at first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from recognition.core.arrays import Floats
from recognition.core.types import Ids, Matrix
from recognition.matching.advice.advice import WORTH, gain_of
from recognition.matching.advice.enrolment import COLLISION_FAR, DUPLICATE
from recognition.matching.model import GalleryModel
from recognition.matching.shots import NEARNESS
from recognition.matching.support import SupportSet

CHUNK = 256
"""Rows that are compared at a time, so that memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing of one reference in its gallery. ``similarity`` is its cosine to the mean of its
    category's others, None for an only one; ``nearest`` is the most similar other category,
    ``twin`` the id of the embedding that is nearly the same. It ``wants_photo`` that is its
    category's only one where ``advise`` would ask for another.
    """

    similarity: float | None = None
    nearest: int | None = None
    nearest_similarity: float | None = None
    collides: bool = False
    twin: int | None = None
    twin_similarity: float | None = None
    wants_photo: bool = False


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The references of a gallery, made ready to be compared with."""

    model: GalleryModel
    references: SupportSet
    rows: Matrix
    sums: dict[int, tuple[Matrix, int]]
    limit: float
    order: Ids
    starts: Ids

    @classmethod
    def of(cls, model: GalleryModel, support: SupportSet) -> Neighbourhood:
        references = support.references
        sums = {
            category: (references.vectors[rows].sum(axis=0), len(rows))
            for category, rows in (references.groups() if len(references) else ())
        }
        limit = -float(special.ndtri(COLLISION_FAR / max(model.categories, 1)))
        order = np.argsort(references.categories, kind="stable")
        starts = np.unique(references.categories[order], return_index=True)[1]
        rows = model.space(references.vectors)
        return cls(model, references, rows, sums, limit, order, starts)

    def standings(self, asked: SupportSet) -> list[Standing]:
        """Return the standings of references ``asked``, in their order, each left out where it is
        one of the gallery's itself.
        """
        found: list[Standing] = []
        for start in range(0, len(asked), CHUNK):
            found += self._chunk(asked.take(np.arange(start, min(start + CHUNK, len(asked)))))
        return found

    def _chunk(self, asked: SupportSet) -> list[Standing]:
        cosines = asked.vectors @ self.references.vectors.T
        own = asked.ids[:, None] == self.references.ids[None]
        other = asked.categories[:, None] != self.references.categories[None]
        scores = np.where(other, self.model.space(asked.vectors) @ self.rows.T, -np.inf)
        alike = np.where(own, -np.inf, cosines)
        return [
            self._standing(asked, row, cosines[row], scores[row], alike[row], bool(own[row].any()))
            for row in range(len(asked))
        ]

    def _standing(
        self,
        asked: SupportSet,
        row: int,
        cosines: Floats,
        scores: Floats,
        alike: Floats,
        is_member: bool,
    ) -> Standing:
        similarity = self._similarity(int(asked.categories[row]), asked.vectors[row], is_member)
        if not len(alike) or not np.isfinite(alike).any():
            return Standing(similarity)
        twin = int(alike.argmax())
        same = float(alike[twin]) >= DUPLICATE
        standing = Standing(
            similarity,
            twin=int(self.references.ids[twin]) if same else None,
            twin_similarity=float(alike[twin]) if same else None,
        )
        if not np.isfinite(scores).any():
            return standing
        nearest = int(scores.argmax())
        return Standing(
            similarity,
            nearest=int(self.references.categories[nearest]),
            nearest_similarity=float(cosines[nearest]),
            collides=self._collides(float(scores[nearest]), float(cosines[nearest])),
            twin=standing.twin,
            twin_similarity=standing.twin_similarity,
            wants_photo=is_member and similarity is None and self._wants_photo(scores),
        )

    def _wants_photo(self, scores: Floats) -> bool:
        """Say whether another photo is wanted, by the scores of an only photo with the shots of all
        others, as ``shot_scores`` pools them.
        """
        pooled = np.logaddexp.reduceat(scores[self.order] / NEARNESS, self.starts)
        counts = np.diff(self.starts, append=len(self.order))
        best = float((pooled - np.log(counts)).max()) * NEARNESS
        return gain_of(float(self.model.impostors.normal_score(best)), 1) >= WORTH

    def _collides(self, score: float, cosine: float) -> bool:
        """Say whether a reference collides as ``enrolment_warnings`` warns of it."""
        if cosine >= DUPLICATE:
            return True
        impostors = self.model.impostors
        return bool(impostors.size) and float(impostors.normal_score(score)) >= self.limit

    def _similarity(self, category: int, vector: Matrix, is_member: bool) -> float | None:
        total, count = self.sums.get(category, (np.zeros_like(vector), 0))
        rest = total - vector if is_member else total
        norm = float(np.linalg.norm(rest))
        if count - is_member < 1 or norm == 0.0:
            return None
        return float(rest @ vector) / norm
