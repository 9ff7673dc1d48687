"""What a gallery has answered so far, as arrays and by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import Cast, Left

from recognition.core.types import Outcome
from recognition.matching.advice.reconsider import PastAnswers
from recognition.models import Feedback, Gallery, Query, QueryKind

DAYS = 30
NEWEST = 2000
"""Of the newest answers, how many are looked at again."""


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    match: int = 0
    ambiguous: int = 0
    unknown: int = 0
    judged: int = 0
    verified: int = 0


def past_answers(gallery: Gallery) -> tuple[list[int], PastAnswers]:
    """Return the newest answers with the queries that they belong to, newest first.

    Each is read by the database, so that of its many numbers only five come over.
    """
    rows = list(
        Query.objects.filter(
            gallery=gallery, encoder_id=gallery.encoder_id, kind=QueryKind.IDENTIFICATION
        )
        .order_by("-id")
        .values_list(
            "pk",
            "outcome",
            "answer__candidates__0__score",
            "answer__candidates__1__score",
            "answer__threshold__score",
            "answer__threshold__target_far",
        )[:NEWEST]
    )
    return [row[0] for row in rows], PastAnswers(
        best=_floats(rows, 2),
        second=_floats(rows, 3),
        threshold=_floats(rows, 4),
        far=_floats(rows, 5),
        outcome=np.array([row[1] for row in rows], dtype="U9"),
    )


def activity(gallery: Gallery) -> list[Day]:
    """Count the photos that were asked about, by outcome, and the answers that were judged on each
    of the last days, oldest first.
    """
    first = datetime.now(UTC).date() - timedelta(days=DAYS - 1)
    counts: dict[date, dict[str, int]] = {}
    since = datetime.combine(first, time.min, tzinfo=UTC)
    kept = Query.objects.filter(gallery=gallery, created_at__gte=since)
    asked = kept.filter(kind=QueryKind.IDENTIFICATION, main=None)
    verified = kept.filter(kind=QueryKind.VERIFICATION)
    judged = Feedback.objects.filter(query__gallery=gallery, created_at__gte=since)
    for day, outcome, count in _by_day(asked, F("outcome")):
        counts.setdefault(date.fromisoformat(day), {})[Outcome(outcome).value] = count
    for day, _, count in _by_day(judged, Value("judged")):
        counts.setdefault(date.fromisoformat(day), {})["judged"] = count
    for day, _, count in _by_day(verified, Value("verified")):
        counts.setdefault(date.fromisoformat(day), {})["verified"] = count
    days = (first + timedelta(days=number) for number in range(DAYS))
    return [Day(day, **counts.get(day, {})) for day in days]


def _by_day(rows: QuerySet[Any], kind: F | Value) -> QuerySet[Any, tuple[str, str, int]]:
    """Counts by day, as a date of ISO 8601 in UTC, and kind.

    The date is cut off what the database writes, which takes a tenth of the time that SQLite needs
    to call back for each row.
    """
    day = Left(Cast("created_at", CharField()), 10)
    counts: QuerySet[Any, tuple[str, str, int]] = (
        rows.order_by().values_list(day, kind).annotate(count=Count("pk"))
    )
    return counts


def _floats(rows: Sequence[Sequence[Any]], column: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([-np.inf if row[column] is None else row[column] for row in rows], np.float64)
