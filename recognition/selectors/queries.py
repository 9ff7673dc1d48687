"""Past queries of a gallery."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from recognition.core.errors import QueryNotFound
from recognition.core.types import EvidenceKind
from recognition.models import Category, Gallery, Query, Reference


def queries_of(gallery: Gallery) -> QuerySet[Query]:
    """List the gallery's history, without the vectors."""
    return (
        Query.objects.filter(gallery=gallery)
        .select_related("category", "claim", "feedback__category", "feedback__reference")
        .annotate(photo=F("main__public_id"))
        .defer("data")
    )


@dataclass(frozen=True, slots=True)
class KeptQueries:
    """The extent of a gallery's history."""

    count: int
    with_image: int
    judged: int
    oldest: datetime | None


def kept_queries(gallery: Gallery) -> KeptQueries:
    found = Query.objects.filter(gallery=gallery).aggregate(
        count=Count("pk"),
        with_image=Count("pk", filter=~Q(image="")),
        judged=Count("feedback"),
        oldest=Min("created_at"),
    )
    return KeptQueries(**found)


def get_query(gallery: Gallery, public_id: str) -> Query:
    try:
        return queries_of(gallery).get(public_id=public_id)
    except Query.DoesNotExist:
        raise QueryNotFound(f"The gallery {gallery.slug!r} has no query {public_id!r}.") from None


def queries_about(category: Category, limit: int) -> list[Query]:
    """List the latest queries that were taken for a category, or that somebody said are of it or
    are not.
    """
    # One index each; together they would be looked for through the whole history.
    taken = Query.objects.filter(category=category).order_by("-pk").values_list("pk", flat=True)
    said = Query.objects.filter(feedback__category=category).order_by("-pk")
    latest = {*taken[:limit], *said.values_list("pk", flat=True)[:limit]}
    return list(queries_of(category.gallery).filter(pk__in=latest).order_by("-pk")[:limit])


def answer_today(query: Query) -> dict[str, Any]:
    """Return the answer as it was given; evidence that has been removed since is of kind
    ``gone``.
    """
    answer = deepcopy(query.answer)
    told = [answer, *answer.get("regions", ())]
    shots = [each["evidence"] for part in told for each in part["candidates"]]
    shots = [evidence for evidence in shots if evidence["kind"] == EvidenceKind.REFERENCE]
    named = Reference.objects.filter(public_id__in=[evidence["id"] for evidence in shots])
    left = set(named.values_list("public_id", flat=True))
    for evidence in shots:
        if evidence["id"] not in left:
            evidence["kind"] = "gone"
    return dict(answer)
