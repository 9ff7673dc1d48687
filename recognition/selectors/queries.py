from __future__ import annotations

from django.db.models import QuerySet

from recognition.errors import QueryNotFound
from recognition.models import Gallery, Query


def queries_of(gallery: Gallery) -> QuerySet[Query]:
    """The gallery's history, without the vectors."""
    return (
        Query.objects.filter(gallery=gallery)
        .select_related("category", "feedback__category", "feedback__reference")
        .defer("data")
    )


def get_query(gallery: Gallery, public_id: str) -> Query:
    try:
        return queries_of(gallery).get(public_id=public_id)
    except Query.DoesNotExist:
        raise QueryNotFound(f"The gallery {gallery.slug!r} has no query {public_id!r}.") from None
