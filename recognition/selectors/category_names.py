"""Categories as people name them."""

from __future__ import annotations

from django.db.models import Q

from recognition.errors import CategoryNotFound
from recognition.models import Category, Gallery
from recognition.names import name_key
from recognition.selectors.categories import called, get_category

SUGGESTIONS = 20


def categories_called(gallery: Gallery, text: str) -> list[Category]:
    """The first categories with ``text`` in their name, for a field to suggest."""
    named = Category.objects.filter(among_names(text), gallery=gallery)
    return list(named.order_by("name", "id")[:SUGGESTIONS])


def among_names(text: str) -> Q:
    """The categories that have ``text`` in their name, however either is written."""
    return Q(name_key__contains=name_key(text))


def find_category(gallery: Gallery, text: str) -> Category | None:
    """The category whose slug, external id or name is ``text``, in this order, or None."""
    try:
        return get_category(gallery, text.strip())
    except CategoryNotFound:
        return None


def category_named(gallery: Gallery, name: str) -> Category | None:
    """The one category of that name, however it is written; slugs and ids do not count."""
    return Category.objects.filter(called(name), gallery=gallery).first()


def twins_of(gallery: Gallery) -> list[Category]:
    """Categories that once had another's name, each with that other, until a curator has said
    whether they are one."""
    twins = Category.objects.filter(gallery=gallery, twin_of__isnull=False)
    return list(twins.select_related("twin_of").order_by("name", "id"))
