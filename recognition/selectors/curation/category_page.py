"""The part of a gallery's categories that a page shows, quick also where there are thousands."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from recognition.models import Category, Gallery, Prompt, Reference
from recognition.selectors.categories import with_covers
from recognition.selectors.category_names import among_names

CATEGORIES_A_PAGE = 60
PAGES_AT_ONCE = 10

KINDS = {
    "": "All",
    "zero-shot": "From a description",
    "one": "One photo",
    "several": "Several photos",
    "empty": "Empty",
}
HEALTH = {
    "waiting": ("To approve", Q(state=Reference.State.PENDING)),
    "colliding": ("Easily confused", Q(measure__collides=True)),
    "wants-photo": ("Needs a photo", Q(measure__wants_photo=True)),
    "twice": ("Duplicate photos", Q(measure__twin__isnull=False)),
    "poor": ("Poor photos", Q(measure__isnull=False) & ~Q(measure__flaw="")),
}
"""Each is of a category that has such a reference, as the worker has measured it."""
SORTS = {"": ("By name", ("order_key", "id")), "newest": ("Newest first", ("-id",))}


@dataclass(frozen=True, slots=True)
class CategoryPage:
    """Pages ``first`` to ``last``, one after the other. ``total`` counts what was asked for."""

    categories: list[Category]
    total: int
    first: int
    last: int
    pages: int

    @property
    def next(self) -> int | None:
        return self.last + 1 if self.last < self.pages else None

    @property
    def previous(self) -> int | None:
        return self.first - 1 if self.first > 1 else None


def category_page(
    gallery: Gallery,
    *,
    asked: str = "",
    kind: str = "",
    sort: str = "",
    page: int = 1,
    whole: bool = False,
) -> CategoryPage:
    """Read page ``page``; with ``whole``, as who comes back to it needs it, those before it too, as
    many as are shown at once.
    """
    found = _of_kind(Category.objects.filter(gallery=gallery), kind)
    if asked:
        found = found.filter(among_names(asked))
    total = found.count()
    pages = max(1, -(-total // CATEGORIES_A_PAGE))
    last = min(max(page, 1), pages)
    first = max(1, last - PAGES_AT_ONCE + 1) if whole else last
    order = SORTS.get(sort, SORTS[""])[1]
    start, end = (first - 1) * CATEGORIES_A_PAGE, last * CATEGORIES_A_PAGE
    # Covers and counts are looked up for what is shown alone, not for all that is sorted.
    keys = list(found.order_by(*order).values_list("pk", flat=True)[start:end])
    rows = with_covers(Category.objects.filter(pk__in=keys)).prefetch_related("prompts")
    place = {key: at for at, key in enumerate(keys)}
    return CategoryPage(
        sorted(rows, key=lambda category: place[category.pk]), total, first, last, pages
    )


def _of_kind(categories: QuerySet[Category], kind: str) -> QuerySet[Category]:
    approved = Reference.State.APPROVED
    shot = Exists(Reference.objects.filter(category=OuterRef("pk"), state=approved))
    described = Exists(Prompt.objects.filter(category=OuterRef("pk")))
    if kind in HEALTH:
        found = Reference.objects.filter(HEALTH[kind][1], category=OuterRef("pk"))
        return categories.filter(Exists(found))
    match kind:
        case "zero-shot":
            return categories.filter(~shot, described)
        case "empty":
            return categories.filter(~shot, ~described)
        case "one" | "several":
            few = Q(number=1) if kind == "one" else Q(number__gt=1)
            return categories.annotate(
                number=Count("references", filter=Q(references__state=approved))
            ).filter(few)
        case _:
            return categories
