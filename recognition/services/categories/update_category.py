"""Change a category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from recognition.core.errors import CategoryNotFound
from recognition.core.names import name_key, order_key
from recognition.core.texts import checked_id, checked_metadata, checked_name
from recognition.models import AuditAction, Category, Gallery
from recognition.services.audit.trail import record
from recognition.services.categories.create_category import refuse_taken
from recognition.services.categories.describe import clean_prompts, describe
from recognition.services.categories.keep_twin import keep_twin
from recognition.services.removal import remove_prompt

FIELDS = ("name", "external_id", "metadata")


def update_category(
    *,
    gallery: Gallery,
    category: Category,
    name: str | None = None,
    external_id: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    prompts: Sequence[str] | None = None,
    apart: bool = False,
) -> Category:
    """Change a category; None leaves as it is. ``prompts`` becomes the whole list of prompts, and
    ``apart`` says that it is another thing than the one whose name it once had.

    Raises AlreadyExists, also for another way of writing a name that is there.
    """
    if name is not None:
        category.name = checked_name(name)
    if external_id is not None:
        category.external_id = checked_id(external_id)
    if metadata is not None:
        category.metadata = checked_metadata(metadata)
    try:
        with transaction.atomic():
            before = Category.objects.filter(pk=category.pk).values(*FIELDS).first()
            found = Category.objects.filter(pk=category.pk).update(
                name=category.name,
                name_key=name_key(category.name),
                order_key=order_key(category.name),
                external_id=category.external_id,
                metadata=category.metadata,
            )
            now = {field: getattr(category, field) for field in FIELDS}
            if before and before != now:
                changed = {field: now[field] for field in FIELDS if before[field] != now[field]}
                record(AuditAction.CHANGE, category, gallery=gallery, **changed)
    except IntegrityError:
        refuse_taken(gallery, name=category.name, external_id=category.external_id, but=category.pk)
        raise
    if not found:
        raise CategoryNotFound(f"The category {category.slug!r} has been deleted.")
    if apart:
        keep_twin(gallery=gallery, category=category)
    if prompts is not None:
        _replace_prompts(gallery, category, clean_prompts(prompts))
    return category


def _replace_prompts(gallery: Gallery, category: Category, texts: Sequence[str]) -> None:
    describe(gallery=gallery, category=category, texts=texts)
    for prompt in category.prompts.exclude(text__in=texts):
        remove_prompt(gallery=gallery, prompt=prompt)
