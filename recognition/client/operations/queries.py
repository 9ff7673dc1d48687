"""Calls on past queries, and feedback."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from recognition.client.answers import Feedback, Page, Query
from recognition.client.operation import Operation, given, one, page, path
from recognition.client.ordering import ByMaking

Decision = Literal["match", "ambiguous", "unknown"]
Verdict = Literal["right", "it_is", "not_this", "unknown"]


def list_queries(
    gallery: str,
    *,
    decision: Decision | None = None,
    category: str | None = None,
    reviewed: bool | None = None,
    verdict: Verdict | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    ordering: ByMaking | None = None,
    page_size: int | None = None,
) -> Operation[Page[Query]]:
    """What was asked of a gallery and answered, newest first.

    ``reviewed`` is whether anything was said of it, ``verdict`` what; times as in
    ``list_references``.
    """
    return Operation(
        method="GET",
        path=path("galleries", gallery, "queries"),
        params=given(
            decision=decision,
            category=category,
            reviewed=reviewed,
            verdict=verdict,
            created_after=created_after,
            created_before=created_before,
            ordering=ordering,
            page_size=page_size,
        ),
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
