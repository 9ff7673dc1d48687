"""Feedback: what a person says of an answer, and the query as a new reference."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet

from recognition.errors import InvalidInput
from recognition.models import Category, Deed, Feedback, Gallery, Query, Reference
from recognition.selectors.categories import get_category
from recognition.services.audit import record
from recognition.services.enrol import enrol
from recognition.services.kept_image import kept_image
from recognition.services.remove import remove_reference

Verdict = Feedback.Verdict


def give_feedback(
    *,
    gallery: Gallery,
    query: Query,
    verdict: Verdict,
    category: str | None = None,
    promote: bool = False,
    create: bool = False,
    user: User | None = None,
) -> Feedback:
    """Say whether an answer was right; a later word replaces an earlier one. What is said of one
    photo of a burst is said of all, since they show one thing.

    ``category`` names what it is ("it is …") or is not ("not this"; by default what was
    answered). ``promote`` enrols the query's image as a reference of the category that it is,
    once; ``create`` makes that category where it is missing. Raises InvalidInput,
    CategoryNotFound.
    """
    if promote and verdict not in {Verdict.RIGHT, Verdict.IT_IS}:
        raise InvalidInput("Only a query whose category is known can become a reference.")
    if verdict is Verdict.IT_IS and not category:
        raise InvalidInput("Say which category it is.")
    made: Reference | None = None
    if promote and _promoted(query) is None:
        key = category if verdict is Verdict.IT_IS else _answered(query).slug
        made = _promote(gallery, query, key or "", create=create, user=user)
    with transaction.atomic():
        count_feedback(gallery)
        reference = _the_one(gallery, query, made)
        target = (
            reference.category
            if reference and promote
            else _target(gallery, query, verdict, category)
        )
        said = {"verdict": verdict, "category": target, "created_by": user}
        feedback, _ = Feedback.objects.update_or_create(
            query=query, defaults={**said, "reference": reference}
        )
        for look in _other_looks(query):
            Feedback.objects.update_or_create(query=look, defaults=said)
        if reference is not None and promote:
            record(
                Deed.PROMOTE,
                query,
                gallery=gallery,
                user=user,
                reference=reference.public_id,
                category=reference.category.slug,
            )
    return feedback


def count_feedback(gallery: Gallery) -> None:
    """From now on the gallery's model is out of date, in every process.

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


def _the_one(gallery: Gallery, query: Query, made: Reference | None) -> Reference | None:
    """The reference that the query has become: of two people who promote it at once, the second's
    goes again."""
    promoted = _promoted(query)
    if made is not None and promoted is not None:
        remove_reference(gallery=gallery, reference=made)
    return promoted or made


def _promote(
    gallery: Gallery, query: Query, category: str, *, create: bool, user: User | None
) -> Reference:
    data = kept_image(query)
    return enrol(gallery=gallery, category=category, data=data, create=create, user=user).reference
