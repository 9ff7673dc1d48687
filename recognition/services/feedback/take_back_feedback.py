"""Take back feedback, with the references that came of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from recognition.models import Category, Feedback, Gallery, Query
from recognition.services.change_log import lock_gallery
from recognition.services.feedback.give_feedback import count_feedback
from recognition.services.removal import remove_category, remove_reference


@transaction.atomic
def take_back_feedback(
    *, gallery: Gallery, queries: Sequence[Query], user: User, new_category: str = ""
) -> int:
    """Unsay what ``user`` said of queries, and remove the references that they became.

    ``new_category`` is the slug of the category that was made with it, which goes too if nothing
    is left in it. Returns of how many queries something was taken back.
    """
    locked = lock_gallery(gallery)
    said = list(
        Feedback.objects.filter(
            query__in=queries, query__gallery=locked, created_by=user
        ).select_related("reference")
    )
    for each in said:
        if each.reference is not None:
            remove_reference(gallery=locked, reference=each.reference)
    Feedback.objects.filter(pk__in=[each.pk for each in said]).delete()
    if said and new_category:
        _remove_if_empty(locked, new_category)
    count_feedback(locked)
    return len(said)


def _remove_if_empty(locked: Gallery, slug: str) -> None:
    made = Category.objects.filter(
        gallery=locked, slug=slug, references=None, prompts=None, feedback=None
    ).first()
    if made is not None:
        remove_category(gallery=locked, category=made)
