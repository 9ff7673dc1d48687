"""Feedback: what a person says of an answer, and the query as a new reference."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet

from recognition.core.errors import InvalidInput
from recognition.models import Category, Feedback, Gallery, Query, Reference
from recognition.selectors.categories import get_category
from recognition.services.categories.create_category import category_for_key, category_for_name
from recognition.services.change_log import lock_gallery
from recognition.services.encoders.present_encoder import with_present_encoder
from recognition.services.feedback.promote_queries import (
    discard_promotions,
    insert_promotions,
    promotions,
)

Verdict = Feedback.Verdict


@with_present_encoder
def give_feedback(
    *,
    gallery: Gallery,
    query: Query,
    verdict: Verdict,
    category: str | None = None,
    promote: bool = False,
    create: bool = False,
    name: str = "",
    user: User | None = None,
) -> Feedback:
    """Say whether an answer was right; a later word replaces an earlier one. What is said of one
    photo of a burst is said of all, since they show one thing. All of it is kept, or nothing.

    ``category`` names what it is ("it is …") or is not ("not this"; by default what was
    answered). ``promote`` enrols the query's image as a reference of the category that it is,
    once; ``create`` makes that category where it is missing. Of a query that becomes a reference,
    ``name`` says instead what people call it, and makes the category where there is none. Raises
    InvalidInput, CategoryNotFound.
    """
    if promote and verdict not in {Verdict.RIGHT, Verdict.IT_IS}:
        raise InvalidInput("Only a query whose category is known can become a reference.")
    if verdict is Verdict.IT_IS and not (category or (name and promote)):
        raise InvalidInput("Say which category it is.")
    becomes = [query] if promote and _promoted(query) is None else []
    key = _answered(query).slug if becomes and verdict is Verdict.RIGHT else category or ""
    with promotions(gallery, becomes, user) as made, transaction.atomic():
        locked = lock_gallery(gallery)
        reference = _promoted(query)
        if reference is not None:
            discard_promotions(made)
        elif made:
            into = (
                category_for_name(locked, name)[0]
                if name
                else category_for_key(locked, key, create=create)
            )
            reference = insert_promotions(locked, into, made)[0]
        target = (
            reference.category
            if reference and promote
            else _target(locked, query, verdict, category)
        )
        said = {"verdict": verdict, "category": target, "created_by": user}
        feedback, _ = Feedback.objects.update_or_create(
            query=query, defaults={**said, "reference": reference}
        )
        for look in _other_looks(query):
            Feedback.objects.update_or_create(query=look, defaults=said)
        count_feedback(locked)
    return feedback


def count_feedback(gallery: Gallery) -> None:
    """Put the gallery's model out of date, from now on, in every process.

    Inside a transaction, which holds the gallery's row from here on: two people's words about one
    query are kept one after the other.
    """
    Gallery.objects.filter(pk=gallery.pk).update(feedback_generation=F("feedback_generation") + 1)


def _target(
    gallery: Gallery, query: Query, verdict: Verdict, category: str | None
) -> Category | None:
    match verdict:
        case Verdict.IT_IS:
            return get_category(gallery, category or "")
        case Verdict.NOT_THIS:
            return get_category(gallery, category) if category else _answered(query)
        case Verdict.RIGHT:
            return query.category
    return None


def _answered(query: Query) -> Category:
    if query.category is None:
        raise InvalidInput("The answer named no category; say which one is meant.")
    return query.category


def _other_looks(query: Query) -> QuerySet[Query]:
    burst = Query.objects.filter(
        gallery=query.gallery_id, public_id__in=query.answer.get("burst", ())
    )
    return burst.exclude(pk=query.pk)


def _promoted(query: Query) -> Reference | None:
    feedback = Feedback.objects.select_related("reference__category").filter(query=query).first()
    return feedback.reference if feedback else None
