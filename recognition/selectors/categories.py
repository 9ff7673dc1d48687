"""Categories with their prompts and counts."""

from __future__ import annotations

from django.db.models import OuterRef, Q, QuerySet, Subquery

from recognition.core.errors import CategoryNotFound, PromptNotFound, ReferenceNotFound
from recognition.core.names import name_key
from recognition.models import Category, Gallery, Prompt, Reference
from recognition.selectors.counting import count_of

State = Reference.State


def categories_of(gallery: Gallery) -> QuerySet[Category]:
    """List the gallery's categories with their prompts, shot counts and cover thumbnails."""
    categories = Category.objects.filter(gallery=gallery).select_related("twin_of")
    return with_covers(categories.prefetch_related("prompts")).order_by("name", "id")


def with_covers(categories: QuerySet[Category]) -> QuerySet[Category]:
    """Add ``shots``, the number of approved references, ``cover``, the first one's public id, and
    ``waiting``, the number of those to be approved.
    """
    cover = Reference.objects.filter(category=OuterRef("pk"), state=State.APPROVED).order_by("id")
    return categories.annotate(
        shots=count_of(Reference.objects.filter(state=State.APPROVED), "category"),
        waiting=count_of(Reference.objects.filter(state=State.PENDING), "category"),
        cover=Subquery(cover.values("public_id")[:1]),
    )


def get_category(gallery: Gallery, key: str) -> Category:
    """Find a category by slug, failing that by ``external_id``, and failing that by name, however
    it is written. Raises CategoryNotFound.
    """
    found = first_meant(categories_of(gallery), key)
    if found is None:
        raise CategoryNotFound(f"The gallery {gallery.slug!r} has no category {key!r}.")
    return found


def first_meant(categories: QuerySet[Category], key: str) -> Category | None:
    """Return the one of a gallery's categories that ``key`` means; None where there is none."""
    found = categories.filter(meant_by(key))
    return min(found, key=lambda each: (each.slug != key, each.external_id != key), default=None)


def meant_by(key: str, prefix: str = "") -> Q:
    """Return a condition for what ``key`` may mean: a slug, an external id, or a name; of a
    category, or of one that stands behind ``prefix``. Several may fit: ``first_meant`` says which
    of them counts.
    """
    return (
        Q(**{f"{prefix}slug": key})
        | (Q(**{f"{prefix}external_id": key}) & ~Q(**{f"{prefix}external_id": ""}))
        | called(key, prefix)
    )


def called(name: str, prefix: str = "") -> Q:
    """Return a condition for the category of that name, however it is written."""
    return Q(**{f"{prefix}name_key": name_key(name)})


def references_of(gallery: Gallery) -> QuerySet[Reference]:
    return Reference.objects.filter(gallery=gallery).select_related("category")


def get_reference(gallery: Gallery, public_id: str) -> Reference:
    try:
        return references_of(gallery).get(public_id=public_id)
    except Reference.DoesNotExist:
        raise ReferenceNotFound(
            f"The gallery {gallery.slug!r} has no reference {public_id!r}."
        ) from None


def get_prompt(category: Category, pk: int) -> Prompt:
    try:
        return category.prompts.get(pk=pk)
    except Prompt.DoesNotExist:
        raise PromptNotFound(f"The category {category.slug!r} has no prompt {pk}.") from None
