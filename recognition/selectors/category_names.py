"""Categories as people name them."""

from __future__ import annotations

from django.db.models import Q

from recognition.errors import CategoryNotFound
from recognition.models import Category, Gallery

SUGGESTIONS = 20


def categories_called(gallery: Gallery, text: str) -> list[Category]:
    """The first categories with ``text`` in their name, for a field to suggest."""
    named = Category.objects.filter(gallery=gallery, name__icontains=text.strip())
    return list(named.order_by("name", "id")[:SUGGESTIONS])


def find_category(gallery: Gallery, text: str) -> Category | None:
    """The category whose slug, external id or name is ``text``, in this order; case matters not
    for a name."""
    text = text.strip()
    among = Category.objects.filter(gallery=gallery)
    by_key = among.filter(Q(slug=text) | (Q(external_id=text) & ~Q(external_id="")))
    found = sorted(by_key, key=lambda category: category.slug != text)
    return next(iter(found), None) or among.filter(name__iexact=text).order_by("id").first()


def named_category(gallery: Gallery, text: str) -> Category:
    """The same. Raises CategoryNotFound."""
    category = find_category(gallery, text)
    if category is None:
        raise CategoryNotFound(f"This gallery has no category {text!r}.")
    return category
