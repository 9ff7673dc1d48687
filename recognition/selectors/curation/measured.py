"""The newest measurement of a gallery, as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from recognition.models import UNFINISHED, Category, Evaluation, Gallery
from recognition.selectors.categories import with_covers
from recognition.selectors.evaluations import evaluations_of

CONFUSIONS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """Photos of one category that were taken for another; None where it has been removed since."""

    truth: Category | None
    answer: Category | None
    truth_name: str
    answer_name: str
    count: int


@dataclass(frozen=True, slots=True)
class Measured:
    """``newest`` has results; ``running`` is on its way; ``failed`` ended without any later than
    that. ``changes`` is how often the gallery has changed since it was measured.
    """

    newest: Evaluation | None
    running: Evaluation | None
    failed: Evaluation | None
    changes: int
    confused: list[ConfusedPair]


def measured(gallery: Gallery) -> Measured:
    of_gallery = _of(gallery)
    newest = of_gallery.filter(results__isnull=False).first()
    running = of_gallery.filter(job__state__in=UNFINISHED).first()
    last = of_gallery.defer("results").first()
    failed = last if last and last.job.detail and last.job.finished_at else None
    results = newest.results or {} if newest else {}
    changes = gallery.generation - results.get("generation", gallery.generation)
    return Measured(newest, running, failed, changes, _confused(gallery, results))


def newest_det(gallery: Gallery) -> list[dict[str, float]]:
    """Return the DET curve of the newest measurement; nothing where there is none."""
    found = _of(gallery).filter(results__isnull=False).values_list("results__det", flat=True)
    return found.first() or []


def _of(gallery: Gallery) -> QuerySet[Evaluation]:
    return evaluations_of(gallery).exclude(source=Evaluation.Source.ALONE).order_by("-id")


def _confused(gallery: Gallery, results: Mapping[str, Any]) -> list[ConfusedPair]:
    found = results.get("identification") or {}
    rows = found.get("confusions", [])[:CONFUSIONS_SHOWN]
    slugs = {row[side] for row in rows for side in ("truth", "answer")}
    known = {
        category.slug: category
        for category in with_covers(Category.objects.filter(gallery=gallery, slug__in=slugs))
    }
    return [
        ConfusedPair(
            known.get(row["truth"]),
            known.get(row["answer"]),
            row["truth"],
            row["answer"],
            row["count"],
        )
        for row in rows
    ]
