"""The console's first page: how much there is, and what waits for a curator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from recognition.selectors.curation.overview import (
    Overview,
    latest_deeds,
    overview,
    references_waiting,
)


@dataclass(frozen=True, slots=True)
class Number:
    words: str
    count: int
    address: str
    wants: bool = False
    """Whether somebody should look, unless it is 0."""


def show(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    found = overview()
    return {**context, "numbers": _numbers(found), "deeds": latest_deeds()}


def waiting(request: HttpRequest) -> str:
    """The badge beside the references."""
    return str(references_waiting() or "")


def _numbers(found: Overview) -> dict[str, list[Number]]:
    references = _list("reference")
    return {
        "Needs attention": [
            Number("to approve", found.waiting, f"{references}?state__exact=pending", True),
            Number("easily confused", found.collisions, f"{references}?collides=yes", True),
            Number("duplicate photos", found.duplicates, f"{references}?duplicate=yes", True),
            Number("poor photos", found.flaws, f"{references}?quality=poor", True),
            Number(
                "failed jobs this week", found.failed, f"{_list('job')}?state__exact=failed", True
            ),
        ],
        "Totals": [
            Number("galleries", found.galleries, _list("gallery")),
            Number("categories", found.categories, _list("category")),
            Number("references", found.references, references),
            Number("queries in 24 hours", found.queries, _list("query")),
            Number(
                "unknown in 24 hours", found.unknown, f"{_list('query')}?outcome__exact=unknown"
            ),
            Number("jobs running", found.running, _list("job")),
        ],
    }


def _list(model: str) -> str:
    return reverse(f"admin:recognition_{model}_changelist")
