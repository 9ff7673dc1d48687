"""The part of a gallery's history that somebody looks at."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from recognition.models import Gallery, Query
from recognition.selectors.queries import queries_of
from recognition.types import Outcome

SHOWN = {"all": "All", "review": "To review", "match": "Matches", "unknown": "Unknown"}

CONDITIONS = {
    "all": Q(),
    "review": Q(feedback__isnull=True) & ~Q(outcome=Outcome.MATCH),
    "match": Q(outcome=Outcome.MATCH),
    "unknown": Q(outcome=Outcome.UNKNOWN),
}


def queries_shown(gallery: Gallery, shown: str) -> QuerySet[Query]:
    """Newest first; ``shown`` is a key of SHOWN. To review is what was ambiguous or unknown and
    of which nobody has said anything yet."""
    return queries_of(gallery).filter(CONDITIONS[shown]).order_by("-id")
