"""References, and prompts, from one category to another."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models, transaction

from recognition.core.errors import CategoryNotFound, InvalidInput
from recognition.models import (
    AuditAction,
    Category,
    Embedding,
    Gallery,
    Reference,
    ReferenceMeasure,
)
from recognition.models.reference_measure import NEVER
from recognition.services.audit.trail import named, record
from recognition.services.change_log import lock_gallery, log_additions, log_removals


@transaction.atomic
def move_references(
    *, gallery: Gallery, references: Iterable[Reference], category: Category
) -> int:
    """Make references count for ``category`` from now on; returns how many were moved.

    Raises InvalidInput where they belong to another gallery, CategoryNotFound.
    """
    chosen = list(references)
    if any(reference.gallery_id != gallery.pk for reference in chosen):
        raise InvalidInput("References are moved within their gallery only.")
    locked = lock_gallery(gallery)
    target = category_to_fill(locked, category)
    ids = [reference.pk for reference in chosen]
    if leaving := list(Reference.objects.filter(pk__in=ids).exclude(category=target)):
        record(AuditAction.MOVE, target, gallery=locked, **named(leaving))
    return take_in(locked, ids, target)


def take_in(locked: Gallery, references: Iterable[int], target: Category) -> int:
    """Give references, by key, to a category inside the transaction that locked the gallery."""
    moved = Reference.objects.filter(gallery=locked, pk__in=list(references))
    moved = moved.exclude(category=target)
    rehome(locked, Embedding.objects.filter(reference__in=moved), target)
    # One that waits moves without a change to the support set, and is measured anew all the same.
    ReferenceMeasure.objects.filter(reference__in=moved).update(generation=NEVER)
    return moved.update(category=target)


def category_to_fill(locked: Gallery, category: Category) -> Category:
    """Read the category as it is within the transaction. Raises CategoryNotFound."""
    found = Category.objects.filter(gallery=locked, pk=category.pk).first()
    if found is None:
        raise CategoryNotFound(f"The gallery {locked.slug!r} has no category {category.slug!r}.")
    return found


def rehome(locked: Gallery, embeddings: models.QuerySet[Embedding], category: Category) -> None:
    """Give embeddings to another category: to an index they are removed and added anew."""
    indexed = list(embeddings.filter(encoder_id=locked.encoder_id).order_by("pk"))
    embeddings.exclude(encoder_id=locked.encoder_id).update(category=category)
    ids = [embedding.pk for embedding in indexed]
    log_removals(locked, ids)
    Embedding.objects.filter(pk__in=ids).delete()
    for embedding in indexed:
        embedding.pk = None
        embedding.category = category
    log_additions(locked, indexed)
