"""What another false-accept rate would have made of past queries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from recognition.core.types import Outcome
from recognition.matching.advice.reconsider import Outcomes, reconsider
from recognition.matching.decisions import TIE
from recognition.models import Gallery, Query
from recognition.selectors.past_answers import past_answers
from recognition.selectors.queries import queries_of
from recognition.services.limits import checked_far
from recognition.services.matching.gallery_model import current, fitted

CHANGES_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Change:
    """A query that would be answered otherwise."""

    query: Query
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Count:
    """The number of the past answers that are, and that would be, of an outcome."""

    outcome: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """``total`` past answers by outcome at the gallery's rate and at ``far``; ``changed`` of them
    differ, of which ``changes`` are the newest.
    """

    far: float
    total: int
    counts: list[Count]
    changed: int
    changes: list[Change]


def what_if(gallery: Gallery, far: float) -> WhatIf:
    """Decide the newest past queries again, by the scores they had. Raises InvalidInput."""
    checked_far(far)
    pks, past = past_answers(gallery)
    model = fitted(current(gallery)).model
    margin = float(np.log(TIE) / model.calibration.slope)
    before = reconsider(past, gallery.target_far, margin, model)
    after = reconsider(past, far, margin, model)
    changed = np.flatnonzero(before != after)
    return WhatIf(
        far=far,
        total=len(past),
        counts=_counts(before, after),
        changed=len(changed),
        changes=_changes(gallery, pks, before, after, changed[:CHANGES_SHOWN].tolist()),
    )


def _counts(before: Outcomes, after: Outcomes) -> list[Count]:
    is_, would_be = Counter(before.tolist()), Counter(after.tolist())
    return [Count(each.value, is_[each.value], would_be[each.value]) for each in Outcome]


def _changes(
    gallery: Gallery, pks: list[int], before: Outcomes, after: Outcomes, rows: list[int]
) -> list[Change]:
    shown = queries_of(gallery).in_bulk([pks[row] for row in rows])
    return [
        Change(shown[pks[row]], str(before[row]), str(after[row]))
        for row in rows
        if pks[row] in shown
    ]
