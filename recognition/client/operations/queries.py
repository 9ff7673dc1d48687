from __future__ import annotations

from typing import Literal

from recognition.client.answers import Feedback, Page, Query
from recognition.client.operation import Operation, given, one, page, path

Verdict = Literal["right", "it_is", "not_this", "unknown"]


def list_queries(gallery: str, *, page_size: int | None = None) -> Operation[Page[Query]]:
    """What was asked of a gallery and answered, newest first."""
    return Operation(
        method="GET",
        path=path("galleries", gallery, "queries"),
        params=given(page_size=page_size),
        parse=page(Query),
    )


def get_query(gallery: str, query: str) -> Operation[Query]:
    """The query of this id."""
    return Operation(
        method="GET", path=path("galleries", gallery, "queries", query), parse=one(Query)
    )


def give_feedback(
    gallery: str,
    query: str,
    verdict: Verdict,
    *,
    category: str | None = None,
    promote: bool = False,
    create: bool = False,
) -> Operation[Feedback]:
    """Say whether an answer was right; a later word replaces an earlier one.

    ``category`` is what it is, or is not. ``promote`` enrols the query's image as a reference;
    ``create`` makes the category where it is missing.
    """
    return Operation(
        method="POST",
        path=path("galleries", gallery, "queries", query, "feedback"),
        json=given(verdict=verdict, category=category, promote=promote, create=create),
        parse=one(Feedback),
        creates=True,
    )
