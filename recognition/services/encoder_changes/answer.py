"""A change of encoder as every interface tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from recognition.models import Category, EncoderChange, Query
from recognition.selectors.encoder_changes import count_missing
from recognition.services.recognition.answer import Answer, encoder_answer

FOLLOWING = (EncoderChange.State.READY, EncoderChange.State.SWITCHED)


def change_answer(change: EncoderChange) -> Answer:
    """Return a change as it is told; ``behind`` counts what the encoder that stands by has not
    embedded yet; null where none does.
    """
    job = change.job
    following = change.state in FOLLOWING
    return {
        "id": change.public_id,
        "state": str(change.state),
        "source": encoder_answer(change.source.spec),
        "target": encoder_answer(change.target.spec),
        "total": job.total if job else None,
        "embedded": job.enrolled if job else 0,
        "behind": count_missing(change) if following else None,
        "code": job.code if job else "",
        "detail": job.detail if job else "",
        "comparison": _comparison(change.comparison) if change.comparison else None,
        "created_at": change.created_at,
        "switched_at": change.switched_at,
        "ended_at": change.ended_at,
    }


def _comparison(results: Mapping[str, Any]) -> Answer:
    """Return results with the names that numbers stand for, less the queries that have been deleted
    since.
    """
    changed = results["changed"]
    there = set(
        Query.objects.filter(public_id__in=[each["query"] for each in changed]).values_list(
            "public_id", flat=True
        )
    )
    named = Category.objects.in_bulk(
        [each[side][1] for each in changed for side in ("before", "after") if each[side][1]]
    )
    return {
        **results,
        "changed": [
            {
                "query": each["query"],
                "before": _outcome(each["before"], named),
                "after": _outcome(each["after"], named),
            }
            for each in changed
            if each["query"] in there
        ],
    }


def _outcome(answer: Sequence[Any], named: Mapping[int, Category]) -> Answer:
    decision, category = answer
    found = named.get(category) if category else None
    return {
        "decision": decision,
        "category": found.slug if found else None,
        "name": found.name if found else None,
    }
