"""A gallery's categories, sieved by what is amiss with them."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image

from recognition.models import Category, Gallery
from recognition.selectors.curation.category_page import category_page
from recognition.services.curation.health import health_of
from recognition.services.curation.measure_references import measure_stale
from recognition.services.galleries.update_gallery import update_gallery
from recognition.services.references.enrol import enrol
from tests.dashboard.page_text import text
from tests.photos import another_view, photo

pytestmark = pytest.mark.django_db


def blank() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (320, 320), "gray").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def mixed(gallery, bob) -> Gallery:
    """A cat and a tabby by the same photo, two of a cup, one of nothing; one waits."""
    for category, data in (
        ("cat", photo("chelsea.png")),
        ("tabby", photo("chelsea.png")),
        ("cup", photo("coffee.png")),
        ("cup", another_view("coffee.png")),
        ("fog", blank()),
        ("coins", photo("coins.png")),
        ("rocket", photo("rocket.jpg")),
    ):
        enrol(gallery=gallery, category=category, data=data, create=True)
    update_gallery(gallery=gallery, review_references=True)
    data = another_view("coins.png")
    enrol(gallery=gallery, category="tails", data=data, user=bob, create=True)
    return gallery


def sieved(gallery: Gallery, kind: str) -> set[str]:
    return {each.slug for each in category_page(gallery, kind=kind).categories}


def test_categories_are_sieved_by_what_is_amiss(mixed):
    assert sieved(mixed, "waiting") == {"tails"}
    assert sieved(mixed, "colliding") == set()
    measure_stale()
    assert sieved(mixed, "colliding") >= {"cat", "tabby"}
    assert not sieved(mixed, "colliding") & {"cup", "fog", "rocket"}
    assert {"cat", "tabby"} <= sieved(mixed, "twice") <= {"cat", "tabby", "cup", "tails", "coins"}
    assert sieved(mixed, "poor") == {"fog"}


def test_the_categories_that_need_a_photo_are_those_whose_tiles_say_so(mixed):
    measure_stale()
    found = health_of(gallery=mixed, categories=list(Category.objects.filter(gallery=mixed)))
    wanting = {each.category.slug for each in found if each.wants_photo}
    assert wanting and wanting < {each.category.slug for each in found}
    assert sieved(mixed, "wants-photo") == wanting


def test_a_list_by_health_says_what_is_not_measured_yet(mixed, alices):
    page = text(alices.get("/g/pets/?kind=poor"))
    assert re.search(r"0 categories</span>; \d photos still being checked", page)
    assert "Nothing to recognise yet" not in page
    measure_stale()
    page = text(alices.get("/g/pets/?kind=poor"))
    assert "1 category<" in page and "being measured" not in page
    assert "/g/pets/c/fog/" in page and "/g/pets/c/cup/" not in page
    assert '<option value="poor" selected>' in page
