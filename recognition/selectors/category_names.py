"""Categories as people name them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from recognition.core.errors import CategoryNotFound
from recognition.core.names import free_name, name_key
from recognition.models import Category, Gallery
from recognition.selectors.categories import called, first_meant, with_covers

SUGGESTIONS = 20
PICTURED = 24
CHUNK = 500
"""Keys that are looked up at once."""


def categories_called(gallery: Gallery, text: str) -> list[Category]:
    """Return the first categories with ``text`` in their name, for a field to suggest."""
    named = Category.objects.filter(among_names(text), gallery=gallery)
    return list(named.order_by("order_key", "id")[:SUGGESTIONS])


def pictured_categories(
    gallery: Gallery, text: str, first: Category | None = None
) -> list[Category]:
    """Return the first categories with ``text`` in their name, each with its cover, to choose one
    by its picture; ``first`` is among them, before the rest.
    """
    named = with_covers(Category.objects.filter(among_names(text), gallery=gallery))
    rest = named.exclude(pk=first.pk) if first else named
    shown = list(rest.prefetch_related("prompts").order_by("order_key", "id")[:PICTURED])
    return [*with_covers(Category.objects.filter(pk=first.pk)), *shown] if first else shown


def among_names(text: str) -> Q:
    """Return a condition for the categories that have ``text`` in their name, however either is
    written.
    """
    return Q(name_key__contains=name_key(text))


def find_category(gallery: Gallery, text: str) -> Category | None:
    """Return the category whose slug, external id or name is ``text``, in this order, or None."""
    return first_meant(Category.objects.filter(gallery=gallery), text.strip())


def named_category(gallery: Gallery, text: str) -> Category:
    """Find a category as ``find_category`` does. Raises CategoryNotFound."""
    category = find_category(gallery, text)
    if category is None:
        raise CategoryNotFound(f"The gallery {gallery.slug!r} has no category {text!r}.")
    return category


def category_named(gallery: Gallery, name: str) -> Category | None:
    """Return the one category of that name, however it is written; slugs and ids do not count."""
    return Category.objects.filter(called(name), gallery=gallery).first()


def twins_of(gallery: Gallery) -> list[Category]:
    """List categories that once had another's name, each with that other, until a curator has said
    whether they are one.
    """
    twins = Category.objects.filter(gallery=gallery, twin_of__isnull=False)
    return list(twins.select_related("twin_of").order_by("order_key", "id"))


def known_keys(gallery: Gallery, keys: Iterable[str]) -> set[str]:
    """Return which of the keys a category of the gallery has as its slug, external id or name."""
    wanted = list(keys)
    known: set[str] = set()
    among = Category.objects.filter(gallery=gallery)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        names = [name_key(key) for key in chunk]
        meant = Q(slug__in=chunk) | Q(external_id__in=chunk) | Q(name_key__in=names)
        for found in among.filter(meant).values_list("slug", "external_id", "name_key"):
            known.update(found)
    return {key for key in wanted if key in known or name_key(key) in known}


def free_category_name(gallery: Gallery, name: str) -> str:
    """Return the name or, where a category has it, the name with the first free number
    behind it.
    """
    among = Category.objects.filter(gallery=gallery)
    return free_name(name.strip(), lambda key: among.filter(name_key=key).exists())
