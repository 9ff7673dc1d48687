"""A page asks the database as often for many things as for few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recognition.models import Category, Gallery, Prompt, Reference

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/g/pets/",
    "/g/pets/?page=2",
    "/g/pets/?kind=one&sort=newest",
    "/g/pets/?kind=wants-photo",
    "/g/pets/c/thing-0/",
    "/g/pets/identify/",
    "/g/pets/search/",
    "/g/pets/verify/",
    "/g/pets/queries/",
    "/g/pets/imports/",
    "/g/pets/names/?name=Thing",
]


def fill(gallery: Gallery, start: int, end: int) -> None:
    """Rows as enrolments leave them, less the vectors, which no page reads."""
    categories = Category.objects.bulk_create(
        Category(gallery=gallery, slug=f"thing-{at}", name=f"Thing {at:03}")
        for at in range(start, end)
    )
    Prompt.objects.bulk_create(Prompt(category=each, text="a thing") for each in categories)
    Reference.objects.bulk_create(
        Reference(
            gallery=gallery,
            category=each,
            image="i.webp",
            thumbnail="t.webp",
            width=9,
            height=9,
            sha256=each.slug,
        )
        for each in [*categories, *[categories[0]] * len(categories)]
    )


def counts(client) -> dict[str, int]:
    found = {}
    for url in PAGES:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        found[url] = len(queries)
    return found


def test_no_page_asks_more_often_where_there_is_more(gallery, alices):
    fill(gallery, 0, 2)
    few = counts(alices)
    fill(gallery, 2, 130)
    assert counts(alices) == few
    assert max(few.values()) <= 16, few
