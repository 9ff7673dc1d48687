"""One word for several queries that show the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from recognition.core.errors import InvalidInput
from recognition.models import Category, Feedback, Gallery, Query
from recognition.selectors.categories import get_category
from recognition.selectors.category_names import find_category
from recognition.services.categories.create_category import category_for_name
from recognition.services.change_log import lock_gallery
from recognition.services.encoders.present_encoder import with_present_encoder
from recognition.services.feedback.give_feedback import count_feedback
from recognition.services.feedback.promote_queries import (
    Promotion,
    discard_promotions,
    insert_promotions,
    promotions,
)

Verdict = Feedback.Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """A note of a judgement: of which queries, how many became references, whether a category is
    new.
    """

    verdict: Verdict
    category: Category | None
    queries: list[Query]
    enrolled: int = 0
    is_new: bool = False


@with_present_encoder
def judge_group(
    *,
    gallery: Gallery,
    queries: Sequence[Query],
    verdict: Verdict,
    category: str | None = None,
    name: str | None = None,
    promote: bool = False,
    user: User | None = None,
) -> Judged:
    """Say the same of several queries at once: all of it is kept, or nothing.

    ``category`` is a slug or an external id; ``name`` is what people call it, and makes the
    category where there is none, with the queries as its references. ``promote`` enrols them in
    one that exists too. Of what somebody has judged meanwhile, nothing is said again. Raises
    InvalidInput, CategoryNotFound.
    """
    _check(queries, verdict, category, name)
    known = find_category(gallery, name) if name else None
    enrols = verdict is Verdict.IT_IS and (promote or bool(name and known is None))
    with promotions(gallery, queries if enrols else [], user) as made:
        return _judge(gallery, queries, verdict, category, name, made, user)


def _check(
    queries: Sequence[Query], verdict: Verdict, category: str | None, name: str | None
) -> None:
    if not queries:
        raise InvalidInput("Choose at least one photo.")
    if verdict not in {Verdict.IT_IS, Verdict.NOT_THIS, Verdict.UNKNOWN}:
        raise InvalidInput("Say what they are, what they are not, or that they are unknown.")
    if name is not None and not name.strip():
        raise InvalidInput("Say what it is.")
    if verdict is not Verdict.UNKNOWN and not (category or name):
        raise InvalidInput("Say which category is meant.")


@transaction.atomic
def _judge(
    gallery: Gallery,
    queries: Sequence[Query],
    verdict: Verdict,
    category: str | None,
    name: str | None,
    made: Sequence[Promotion],
    user: User | None,
) -> Judged:
    locked = lock_gallery(gallery)
    judged = set(Feedback.objects.filter(query__in=queries).values_list("query_id", flat=True))
    open_queries = [query for query in queries if query.pk not in judged]
    discard_promotions(each for each in made if each.query.pk in judged)
    if not open_queries:
        return Judged(verdict, None, [])
    target, is_new = _target(locked, verdict, category, name)
    chosen = [each for each in made if each.query.pk not in judged]
    if target is not None:
        insert_promotions(locked, target, chosen)
    references = {each.query.pk: each.reference for each in chosen}
    Feedback.objects.bulk_create(
        Feedback(
            query=query,
            verdict=verdict,
            category=target,
            reference=references.get(query.pk),
            created_by=user,
        )
        for query in open_queries
    )
    count_feedback(locked)
    return Judged(verdict, target, open_queries, len(chosen), is_new)


def _target(
    locked: Gallery, verdict: Verdict, category: str | None, name: str | None
) -> tuple[Category | None, bool]:
    """Return the category that is meant, and whether it has just been made."""
    if verdict is Verdict.UNKNOWN:
        return None, False
    if not name:
        return get_category(locked, category or ""), False
    return category_for_name(locked, name)
