"""Counts of a row's own rows."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce


def count_of(rows: QuerySet[Any], owner: str) -> Coalesce:
    """Count, within a query, how many of ``rows`` have an object as their ``owner``: a count of its
    own for each object shown, where a join would count all, each of them times the other joins'
    rows.
    """
    own = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    return Coalesce(Subquery(own.annotate(count=Count("pk")).values("count")), 0)
