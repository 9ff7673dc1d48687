"""Some references of a category that turned out to be another thing."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from recognition.core.errors import InvalidInput
from recognition.models import AuditAction, Category, Gallery, Reference
from recognition.services.audit.trail import named, record
from recognition.services.categories.create_category import insert_category
from recognition.services.change_log import lock_gallery
from recognition.services.references.move_references import take_in


@transaction.atomic
def split_category(*, gallery: Gallery, references: Iterable[Reference], name: str) -> Category:
    """Make a new category with ``references``, which leave theirs. Raises InvalidInput,
    AlreadyExists.
    """
    chosen = list(references)
    if not chosen:
        raise InvalidInput("Choose the references that it starts with.")
    if any(reference.gallery_id != gallery.pk for reference in chosen):
        raise InvalidInput("A category is split within its gallery only.")
    locked = lock_gallery(gallery)
    category = insert_category(locked, name=name)
    record(AuditAction.SPLIT, category, gallery=locked, **named(chosen))
    take_in(locked, [reference.pk for reference in chosen], category)
    return category
