"""Create a category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.db import IntegrityError, transaction

from recognition.core.errors import AlreadyExists, CategoryNotFound
from recognition.core.texts import checked_id, checked_metadata, checked_name
from recognition.encoders.templates import encode_prompts
from recognition.models import AuditAction, Category, Gallery
from recognition.selectors.category_names import category_named, find_category, named_category
from recognition.services.audit.trail import record
from recognition.services.categories.describe import add_prompts, clean_prompts
from recognition.services.change_log import lock_gallery
from recognition.services.encoders.gallery_encoders import encoder_of
from recognition.services.encoders.present_encoder import with_present_encoder
from recognition.services.galleries.slugs import checked_slug, free_slug, is_slug
from recognition.services.quotas import check_categories


@with_present_encoder
def create_category(
    *,
    gallery: Gallery,
    name: str,
    slug: str = "",
    external_id: str = "",
    prompts: Sequence[str] = (),
    metadata: Mapping[str, Any] | None = None,
) -> Category:
    """Create a category, with its prompts searchable when this returns. Raises AlreadyExists, also
    for another way of writing a name that is there.
    """
    name = checked_name(name)
    texts = clean_prompts(prompts)
    vectors = (
        encode_prompts(encoder_of(gallery), texts)
        if texts
        else np.empty((0, gallery.encoder.dimension), dtype=np.float32)
    )
    with transaction.atomic():
        locked = lock_gallery(gallery)
        category = insert_category(
            locked, name=name, slug=slug, external_id=external_id, metadata=metadata
        )
        add_prompts(locked, category, texts, vectors, encoder_id=gallery.encoder_id)
    return category


def category_for_key(locked: Gallery, key: str, *, create: bool, name: str = "") -> Category:
    """Return the category with that slug, external id or name; with ``create`` it is made where it
    is missing.

    Inside the transaction that locked the gallery. Raises CategoryNotFound, AlreadyExists for a
    ``name`` that another category has.
    """
    try:
        return named_category(locked, key)
    except CategoryNotFound:
        if not create:
            raise
    return make_category_for_key(locked, key, name=name)


def make_category_for_key(locked: Gallery, key: str, *, name: str = "") -> Category:
    """Make a new category that ``key`` names from now on: its slug where it may be one, else its
    external id. Raises AlreadyExists.
    """
    slug, external_id = (key, "") if is_slug(key) else ("", key)
    return insert_category(locked, name=name or key, slug=slug, external_id=external_id)


def category_for_name(locked: Gallery, name: str) -> tuple[Category, bool]:
    """Return the category that people call so, made where there is none, and whether it was made.

    Inside the transaction that locked the gallery.
    """
    known = find_category(locked, name)
    return (known, False) if known else (insert_category(locked, name=name), True)


def insert_category(
    locked: Gallery,
    *,
    name: str,
    slug: str = "",
    external_id: str = "",
    metadata: Mapping[str, Any] | None = None,
) -> Category:
    """Save a category of a checked name inside the transaction that locked the gallery. Raises
    AlreadyExists.
    """

    def taken(slug: str) -> bool:
        return Category.objects.filter(gallery=locked, slug=slug).exists()

    name, external_id = checked_name(name), checked_id(external_id)
    metadata = checked_metadata(metadata or {})
    check_categories(locked)
    slug = checked_slug(slug) if slug else free_slug(name, "category", taken)
    try:
        with transaction.atomic():
            category = Category.objects.create(
                gallery=locked,
                slug=slug,
                name=name,
                external_id=external_id,
                metadata=metadata,
            )
    except IntegrityError:
        refuse_taken(locked, name=name, slug=slug, external_id=external_id)
        raise
    record(AuditAction.CREATE, category, gallery=locked)
    return category


def refuse_taken(gallery: Gallery, *, name: str = "", but: int | None = None, **keys: str) -> None:
    """Say what of it another category than ``but`` has already. Raises AlreadyExists, or nothing
    where all of it is free.
    """
    namesake = category_named(gallery, name) if name else None
    if namesake and namesake.pk != but:
        raise AlreadyExists(
            f"The gallery {gallery.slug!r} has a category {namesake.name!r} already: "
            f"{namesake.slug!r}. Enrol in that, or give this one a name to tell them apart."
        )
    others = Category.objects.filter(gallery=gallery)
    if but is not None:
        others = others.exclude(pk=but)
    for field, value in keys.items():
        if value and others.filter(**{field: value}).exists():
            raise AlreadyExists(
                f"The gallery {gallery.slug!r} has a category with the {field} {value!r} already."
            )
