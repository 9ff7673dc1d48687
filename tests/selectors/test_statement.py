from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recognition.models import Category, Gallery
from recognition.selectors.statement import Statement

by_slug: Statement[Category] = Statement(
    lambda gallery, *slugs: Category.objects.select_related("gallery__encoder").filter(
        gallery=gallery, slug__in=slugs
    )
)


@pytest.fixture
def categories(gallery: Gallery) -> list[Category]:
    return [
        Category.objects.create(gallery=gallery, slug=slug, name=slug) for slug in ("cat", "dog")
    ]


def test_rows_are_what_the_query_set_gives(gallery: Gallery, categories: list[Category]):
    for slugs in (("cat", "dog"), ("dog", "cat"), ("dog", "fish"), ("cat",), ("fish",), ("cat",)):
        expected = list(Category.objects.filter(gallery=gallery, slug__in=slugs))
        found = by_slug(gallery.pk, *slugs)
        assert found == expected
        assert [each.created_at for each in found] == [each.created_at for each in expected]


def test_related_rows_come_with_them(gallery: Gallery, categories: list[Category]):
    with CaptureQueriesContext(connection) as asked:
        [found] = by_slug(gallery.pk, "cat")
        assert found.gallery.encoder == gallery.encoder
    assert len(asked) == 1


def test_other_values_do_not_compile_it_again(gallery: Gallery, categories: list[Category]):
    asked = 0

    def build(slug: str):
        nonlocal asked
        asked += 1
        return Category.objects.filter(slug=slug).values_list("name", flat=True)

    names: Statement[str] = Statement(build)
    assert [names.first(slug) for slug in ("cat", "dog", "fish")] == ["cat", "dog", None]
    assert asked == 1


def test_a_condition_may_be_left_out(gallery: Gallery, categories: list[Category]):
    def build(gallery: int, slug: str | None):
        found = Category.objects.filter(gallery=gallery)
        return found if slug is None else found.filter(slug=slug)

    some: Statement[Category] = Statement(build)
    assert some(gallery.pk, None) == categories
    assert some(gallery.pk, "dog") == categories[1:]


def test_rows_are_each_callers_own(gallery: Gallery, categories: list[Category]):
    once, again = (by_slug.first(gallery.pk, "cat") for _ in range(2))
    assert once is not None and again is not None
    once.name = "changed"
    assert again.name == "cat"


def test_a_value_that_is_not_compared_with_as_it_is_is_refused(db):
    prefixed: Statement[Category] = Statement(
        lambda text: Category.objects.filter(name__startswith=text)
    )
    with pytest.raises(TypeError):
        prefixed("ca")
