"""Two encoders on one gallery: what each makes of its references and of past queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from recognition.core.types import Decision, Outcome, Vector
from recognition.core.vectors import unpack
from recognition.evaluation.leave_one_out import leave_one_out
from recognition.matching.decisions import decide
from recognition.matching.fit import fit
from recognition.matching.model import GalleryModel
from recognition.matching.support import SupportSet
from recognition.models import (
    EncoderChange,
    EncoderRecord,
    Feedback,
    Gallery,
    Query,
    QueryEmbedding,
)
from recognition.selectors.encoder_changes import SAMPLE, asked_queries
from recognition.selectors.support import feedback_of, rejections_of, strangers_of, support_of
from recognition.services.encoders.background import background_for
from recognition.services.encoders.gallery_encoders import recorded_bulk_encoder
from recognition.services.matching.gallery_model import SMALL
from recognition.services.matching.match import CONTENDERS

MAX_LISTED = 100

Answer: TypeAlias = tuple[str, int | None]
"""An outcome, and the category of a match."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The results of a comparison, as JSON, and the model of the encoder that stands by."""

    results: dict[str, Any]
    model: GalleryModel


@dataclass(frozen=True, slots=True)
class Side:
    """A gallery as one encoder sees it."""

    support: SupportSet
    model: GalleryModel
    rejected: SupportSet
    far: float

    def answer(self, vector: Vector) -> Answer:
        decision: Decision = decide(
            self.model,
            vector[None],
            self._near(vector),
            top_k=1,
            far=self.far,
            rejected=self.rejected,
        )
        return decision.outcome.value, decision.category

    def _near(self, vector: Vector) -> SupportSet:
        """All of a small gallery; of a large one what belongs to the nearest categories."""
        if len(self.support) <= SMALL:
            return self.support
        similarities = self.support.vectors @ vector
        near: set[int] = set()
        for prompts in (False, True):
            rows = np.flatnonzero(self.support.prompts == prompts)
            ranked = rows[np.argsort(-similarities[rows])]
            near |= set(list(dict.fromkeys(self.support.categories[ranked].tolist()))[:CONTENDERS])
        return self.support.of_categories(sorted(near))


def compare(change: EncoderChange, *, alive: Callable[[], None]) -> Comparison:
    """Ask the latest queries again of both encoders, against the gallery as it is now.

    A query that has become a reference itself says nothing, and is left out. ``alive`` is called
    between the steps.
    """
    before = side_of(change.gallery, change.source)
    alive()
    after = side_of(change.gallery, change.target)
    alive()
    asked = _sample(change)
    answers = [(query, before.answer(old), after.answer(new)) for query, old, new in asked]
    alive()
    tested, right_before = leave_one_out(before.support)
    results = {
        **_told(answers),
        "leave_one_out": {
            "references": tested,
            "before": right_before,
            "after": leave_one_out(after.support)[1],
        },
    }
    return Comparison(results, after.model)


def side_of(gallery: Gallery, encoder: EncoderRecord) -> Side:
    """Return the gallery as it would be if ``encoder`` were its own."""
    seen = copy(gallery)
    seen.encoder = encoder
    support, rejected = support_of(seen), rejections_of(seen)
    model = fit(
        support,
        background_for(recorded_bulk_encoder(encoder)),
        generation=gallery.generation,
        own=strangers_of(seen),
        feedback=feedback_of(seen),
        rejected=rejected,
    )
    return Side(support, model, rejected, gallery.target_far)


def _sample(change: EncoderChange) -> list[tuple[Query, Vector, Vector]]:
    queries = (
        asked_queries(change)
        .exclude(feedback__reference__isnull=False)
        .select_related("feedback")
        .order_by("-pk")[:SAMPLE]
    )
    twins = {
        each.query_id: each.data
        for each in QueryEmbedding.objects.filter(query__in=[query.pk for query in queries]).filter(
            encoder=change.target
        )
    }
    return [
        (query, unpack(query.data), unpack(twins[query.pk]))
        for query in queries
        if query.pk in twins
    ]


def _told(answers: Sequence[tuple[Query, Answer, Answer]]) -> dict[str, Any]:
    changed = [each for each in answers if each[1] != each[2]]
    judged = [(truth, *each[1:]) for each in answers if (truth := _truth(each[0])) is not None]
    return {
        "compared": len(answers),
        "alike": len(answers) - len(changed),
        "changed": [
            {"query": query.public_id, "before": before, "after": after}
            for query, before, after in changed[:MAX_LISTED]
        ],
        "judged": len(judged),
        "right_before": _count(truth == before for truth, before, _ in judged),
        "right_after": _count(truth == after for truth, _, after in judged),
    }


def _count(flags: Iterable[bool]) -> int:
    return sum(flags)


def _truth(query: Query) -> Answer | None:
    """Return what somebody said that the right answer is; None where nobody has."""
    said: Feedback | None = getattr(query, "feedback", None)
    if said is None or said.verdict == Feedback.Verdict.NOT_THIS:
        return None
    if said.verdict == Feedback.Verdict.UNKNOWN:
        return Outcome.UNKNOWN.value, None
    return (Outcome.MATCH.value, said.category_id) if said.category_id else None
