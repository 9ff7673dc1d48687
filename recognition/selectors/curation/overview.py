"""What a curator sees at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from recognition.core.types import Outcome
from recognition.models import (
    UNFINISHED,
    AuditEntry,
    Category,
    Gallery,
    Job,
    Query,
    Reference,
    ReferenceMeasure,
)
from recognition.selectors.categories import with_covers
from recognition.selectors.counting import count_of

LATEST = 8


@dataclass(frozen=True, slots=True)
class Overview:
    """An overview in numbers; queries are those of the last 24 hours, failed jobs of the
    last week.
    """

    galleries: int
    categories: int
    references: int
    waiting: int
    collisions: int
    duplicates: int
    flaws: int
    queries: int
    unknown: int
    running: int
    failed: int


def overview() -> Overview:
    now = timezone.now()
    references = Reference.objects.aggregate(
        approved=Count("pk", filter=Q(state=Reference.State.APPROVED)),
        waiting=Count("pk", filter=Q(state=Reference.State.PENDING)),
    )
    measures = ReferenceMeasure.objects.aggregate(
        collisions=Count("pk", filter=Q(collides=True)),
        duplicates=Count("twin"),
        flaws=Count("pk", filter=~Q(flaw="")),
    )
    queries = Query.objects.filter(created_at__gte=now - timedelta(days=1)).aggregate(
        queries=Count("pk"), unknown=Count("pk", filter=Q(outcome=Outcome.UNKNOWN))
    )
    week = Q(state=Job.State.FAILED, finished_at__gte=now - timedelta(days=7))
    jobs = Job.objects.aggregate(
        running=Count("pk", filter=Q(state__in=UNFINISHED)), failed=Count("pk", filter=week)
    )
    return Overview(
        galleries=Gallery.objects.count(),
        categories=Category.objects.count(),
        references=references["approved"],
        waiting=references["waiting"],
        **measures,
        **queries,
        **jobs,
    )


def latest_deeds() -> QuerySet[AuditEntry]:
    return AuditEntry.objects.order_by("-id")[:LATEST]


def references_waiting() -> int:
    return Reference.objects.filter(state=Reference.State.PENDING).count()


def with_health(categories: QuerySet[Category]) -> QuerySet[Category]:
    """Add covers and shots, and how many references may be taken for another category, are the same
    photo as another, are poor photos.
    """

    def having(condition: Q) -> Coalesce:
        return count_of(Reference.objects.filter(condition), "category")

    return with_covers(categories).annotate(
        collisions=having(Q(measure__collides=True)),
        duplicates=having(Q(measure__twin__isnull=False)),
        flaws=having(Q(measure__isnull=False) & ~Q(measure__flaw="")),
    )
