"""Several categories that turned out to be one."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from recognition.core.errors import InvalidInput
from recognition.models import (
    AuditAction,
    Category,
    Embedding,
    Feedback,
    Gallery,
    Prompt,
    Query,
    Reference,
    ReferenceMeasure,
)
from recognition.models.reference_measure import NEVER
from recognition.services.audit.trail import named, record
from recognition.services.change_log import lock_gallery
from recognition.services.references.move_references import category_to_fill, rehome
from recognition.services.removal import clear_away


@transaction.atomic
def merge_categories(
    *, gallery: Gallery, categories: Iterable[Category], into: Category
) -> Category:
    """Move all that ``categories`` hold, also what was said of queries, to ``into``, and remove
    them. Raises InvalidInput where one is of another gallery, CategoryNotFound.
    """
    sources = [category for category in categories if category.pk != into.pk]
    if any(category.gallery_id != gallery.pk for category in sources):
        raise InvalidInput("Categories are merged within their gallery only.")
    locked = lock_gallery(gallery)
    target = category_to_fill(locked, into)
    record(AuditAction.MERGE, target, gallery=locked, **named(sources))
    for source in sources:
        _take_over(locked, source, target)
        clear_away(locked, source)
    return target


def _take_over(locked: Gallery, source: Category, target: Category) -> None:
    """A prompt that the target has too stays, to be removed with its category."""
    prompts = Prompt.objects.filter(category=source)
    twins = prompts.filter(text__in=target.prompts.values("text"))
    moved = list(prompts.exclude(pk__in=list(twins.values_list("pk", flat=True))))
    rehome(locked, Embedding.objects.filter(prompt__in=moved), target)
    rehome(locked, Embedding.objects.filter(reference__category=source), target)
    Prompt.objects.filter(pk__in=[prompt.pk for prompt in moved]).update(category=target)
    moved_references = Reference.objects.filter(category=source)
    ReferenceMeasure.objects.filter(reference__in=moved_references).update(generation=NEVER)
    moved_references.update(category=target)
    Query.objects.filter(category=source).update(category=target)
    Query.objects.filter(claim=source).update(claim=target)
    Feedback.objects.filter(category=source).update(category=target)
