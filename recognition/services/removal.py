"""Removal: rows, index entries and files go together."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models, transaction

from recognition.core.errors import InvalidInput
from recognition.models import (
    AuditAction,
    Category,
    Embedding,
    Gallery,
    Job,
    Negative,
    Prompt,
    Query,
    Reference,
)
from recognition.services.audit.trail import named, record
from recognition.services.change_log import lock_gallery, log_removals
from recognition.services.indexes.drop_index import drop_index
from recognition.services.indexes.replicas import forget_replica
from recognition.services.storage.erase_names import plan_erasure
from recognition.services.storage.files import delete_files
from recognition.services.storage.index_places import backend_of


@transaction.atomic
def remove_reference(*, gallery: Gallery, reference: Reference) -> None:
    locked = lock_gallery(gallery)
    forget_embeddings(locked, Embedding.objects.filter(reference=reference))
    delete_files([reference.image.name, reference.thumbnail.name])
    record(AuditAction.REMOVE, reference, gallery=locked, category=reference.category.slug)
    reference.delete()


@transaction.atomic
def remove_references(*, gallery: Gallery, references: Iterable[Reference]) -> int:
    """Remove several at once; returns how many there were. Raises InvalidInput where they belong to
    another gallery.
    """
    chosen = list(references)
    if any(reference.gallery_id != gallery.pk for reference in chosen):
        raise InvalidInput("References are removed within their gallery only.")
    locked = lock_gallery(gallery)
    found = Reference.objects.filter(gallery=locked, pk__in=[each.pk for each in chosen])
    if gone := list(found):
        record(AuditAction.REMOVE, locked, gallery=locked, **named(gone))
    return clear_references(locked, found)


def clear_references(locked: Gallery, found: models.QuerySet[Reference]) -> int:
    """Remove references inside the transaction that locked their gallery; returns how many."""
    count = found.count()
    forget_embeddings(locked, Embedding.objects.filter(reference__in=found))
    delete_files(_reference_files(found))
    found.delete()
    return count


@transaction.atomic
def remove_prompt(*, gallery: Gallery, prompt: Prompt) -> None:
    locked = lock_gallery(gallery)
    forget_embeddings(locked, Embedding.objects.filter(prompt=prompt))
    record(AuditAction.REMOVE, prompt, gallery=locked, category=prompt.category.slug)
    prompt.delete()


@transaction.atomic
def remove_category(*, gallery: Gallery, category: Category) -> None:
    locked = lock_gallery(gallery)
    references, prompts = category.references.count(), category.prompts.count()
    record(AuditAction.REMOVE, category, gallery=locked, references=references, prompts=prompts)
    plan_erasure(locked, category)
    clear_away(locked, category)


@transaction.atomic
def remove_categories(*, gallery: Gallery, categories: Iterable[Category]) -> None:
    """Remove all of them or none. Raises InvalidInput where one is of another gallery."""
    chosen = list(categories)
    if any(category.gallery_id != gallery.pk for category in chosen):
        raise InvalidInput("Categories are removed within their gallery only.")
    for category in chosen:
        remove_category(gallery=gallery, category=category)


def clear_away(locked: Gallery, category: Category) -> None:
    """Remove a category inside the transaction that locked its gallery."""
    forget_embeddings(locked, Embedding.objects.filter(category=category))
    delete_files(_reference_files(Reference.objects.filter(category=category)))
    category.delete()


@transaction.atomic
def remove_gallery(*, gallery: Gallery) -> None:
    """Delete a gallery with everything in it, also its queries and their images."""
    locked = lock_gallery(gallery)
    delete_files(_reference_files(Reference.objects.filter(gallery=locked)))
    delete_files(negative_files(Negative.objects.filter(gallery=locked)))
    delete_files(Query.objects.filter(gallery=locked).values_list("image", flat=True))
    delete_files(Job.objects.filter(gallery=locked).values_list("archive", flat=True))
    pk, backend = locked.pk, backend_of(locked)
    record(
        AuditAction.REMOVE,
        locked,
        gallery=locked,
        categories=locked.categories.count(),
        references=locked.references.count(),
    )
    locked.delete()
    transaction.on_commit(lambda: forget_replica(pk), robust=True)
    transaction.on_commit(lambda: drop_index(pk, backend), robust=True)


def forget_embeddings(locked: Gallery, embeddings: models.QuerySet[Embedding]) -> None:
    """Remove embeddings, and log it, inside the transaction that locked their gallery."""
    ids = list(embeddings.order_by("pk").values_list("pk", flat=True))
    if ids:
        log_removals(locked, ids)
        embeddings.delete()


def _reference_files(references: models.QuerySet[Reference]) -> list[str | None]:
    return [path for row in references.values_list("image", "thumbnail") for path in row]


def negative_files(negatives: models.QuerySet[Negative]) -> list[str | None]:
    return [path for row in negatives.values_list("image", "thumbnail") for path in row]
