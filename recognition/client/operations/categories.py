"""Calls on categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from recognition.client.answers import Category, Page
from recognition.client.operation import Operation, given, nothing, one, page, path
from recognition.client.ordering import ByNameOrSize


def list_categories(
    gallery: str,
    *,
    name: str | None = None,
    external_id: str | None = None,
    twins: bool | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    ordering: ByNameOrSize | None = None,
    page_size: int | None = None,
) -> Operation[Page[Category]]:
    """The categories of a gallery, oldest first; ``name`` is part of it. ``twins`` are those that
    may be the same as another.
    """
    return Operation(
        method="GET",
        path=path("galleries", gallery, "categories"),
        params=given(
            name=name,
            external_id=external_id,
            twins=twins,
            created_after=created_after,
            created_before=created_before,
            ordering=ordering,
            page_size=page_size,
        ),
        parse=page(Category),
    )


def create_category(
    gallery: str,
    name: str,
    *,
    slug: str | None = None,
    external_id: str | None = None,
    prompts: Sequence[str] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> Operation[Category]:
    """Make a category; with ``prompts`` it is recognised by description, without a reference."""
    return Operation(
        method="POST",
        path=path("galleries", gallery, "categories"),
        json=given(
            name=name,
            slug=slug,
            external_id=external_id,
            prompts=None if prompts is None else list(prompts),
            metadata=metadata,
        ),
        parse=one(Category),
        creates=True,
    )


def get_category(gallery: str, category: str) -> Operation[Category]:
    """The category of this slug or external id."""
    return Operation(
        method="GET", path=path("galleries", gallery, "categories", category), parse=one(Category)
    )


def update_category(
    gallery: str,
    category: str,
    *,
    name: str | None = None,
    external_id: str | None = None,
    prompts: Sequence[str] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> Operation[Category]:
    """Change what is given and leave the rest; ``prompts`` replace those that are there."""
    return Operation(
        method="PATCH",
        path=path("galleries", gallery, "categories", category),
        json=given(
            name=name,
            external_id=external_id,
            prompts=None if prompts is None else list(prompts),
            metadata=metadata,
        ),
        parse=one(Category),
    )


def keep_category_apart(gallery: str, category: str) -> Operation[Category]:
    """Say that a category is another thing than its twin, the one that once had its name."""
    return Operation(
        method="PATCH",
        path=path("galleries", gallery, "categories", category),
        json={"twin_of": None},
        parse=one(Category),
    )


def merge_categories(gallery: str, categories: Sequence[str], into: str) -> Operation[Category]:
    """Move all that ``categories`` hold to another, and remove them."""
    return Operation(
        method="POST",
        path=path("galleries", gallery, "merges"),
        json={"categories": list(categories), "into": into},
        parse=one(Category),
        creates=True,
    )


def delete_category(gallery: str, category: str) -> Operation[None]:
    """Remove a category with its references and prompts."""
    return Operation(
        method="DELETE", path=path("galleries", gallery, "categories", category), parse=nothing
    )
