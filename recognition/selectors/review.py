"""The part of a gallery's history that somebody looks at."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from recognition.core.errors import QueryNotFound
from recognition.core.types import Matrix, Outcome
from recognition.core.vectors import unpack_rows
from recognition.models import Gallery, Query, QueryKind
from recognition.selectors.queries import queries_of

LOW_CONFIDENCE = 0.6
"""A match that is less sure than this is looked at."""

SHOWN = {
    "all": "All",
    "review": "To review",
    "match": "Matches",
    "unknown": "Unknown",
    "verified": "Verified",
}

WAITING = Q(feedback__isnull=True, kind=QueryKind.IDENTIFICATION) & (
    ~Q(outcome=Outcome.MATCH) | Q(confidence__lt=LOW_CONFIDENCE)
)
CONDITIONS = {
    "all": Q(),
    "review": WAITING,
    "match": Q(outcome=Outcome.MATCH, kind=QueryKind.IDENTIFICATION),
    "unknown": Q(outcome=Outcome.UNKNOWN, kind=QueryKind.IDENTIFICATION),
    "verified": Q(kind=QueryKind.VERIFICATION),
}


def queries_shown(gallery: Gallery, shown: str) -> QuerySet[Query]:
    """List queries, newest first; ``shown`` is a key of SHOWN. To review is what was ambiguous,
    unknown or hardly sure and of which nobody has said anything yet.
    """
    return queries_of(gallery).filter(CONDITIONS[shown]).order_by("-id")


def waiting_queries(gallery: Gallery) -> QuerySet[Query]:
    """List the queries to review that the gallery's encoder has embedded."""
    return Query.objects.filter(WAITING, gallery=gallery, encoder_id=gallery.encoder_id)


def waiting_vectors(gallery: Gallery, limit: int) -> tuple[list[int], Matrix]:
    """Read the newest of the queries that wait for review, with their vectors."""
    rows = list(waiting_queries(gallery).order_by("-id").values_list("pk", "data")[:limit])
    return [pk for pk, _ in rows], _matrix(gallery, [data for _, data in rows])


def vectors_of(gallery: Gallery, queries: Sequence[Query]) -> Matrix:
    """Read the vectors of the queries that the gallery's encoder has embedded, ``(n, d)``."""
    embedded = Query.objects.filter(
        pk__in=[query.pk for query in queries], encoder_id=gallery.encoder_id
    )
    return _matrix(gallery, list(embedded.values_list("data", flat=True)))


def get_queries(gallery: Gallery, public_ids: Sequence[str]) -> list[Query]:
    """Find each of these queries, once. Raises QueryNotFound where one is none of the gallery's."""
    found = {
        query.public_id: query for query in queries_of(gallery).filter(public_id__in=public_ids)
    }
    missing = [each for each in public_ids if each not in found]
    if missing:
        raise QueryNotFound(f"The gallery {gallery.slug!r} has no query {missing[0]!r}.")
    return list(found.values())


def _matrix(gallery: Gallery, data: Sequence[bytes | memoryview]) -> Matrix:
    return unpack_rows(data, gallery.encoder.dimension)
