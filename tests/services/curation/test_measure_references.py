"""What a curator is told of each reference: the photo as such, and how it stands among others."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageFilter

from recognition.models import Reference, ReferenceMeasure
from recognition.selectors.curation.measures import galleries_to_measure
from recognition.services.categories.create_category import create_category
from recognition.services.curation.measure_references import measure_stale
from recognition.services.galleries.update_gallery import update_gallery
from recognition.services.references.enrol import enrol
from recognition.services.references.move_references import move_references
from recognition.services.removal import remove_reference
from tests.photos import another_view, photo

pytestmark = pytest.mark.django_db


def added(gallery, category: str, data: bytes, user=None) -> Reference:
    return enrol(
        gallery=gallery, category=category, data=data, create=True, user=user, advise=False
    ).reference


def measured(reference: Reference) -> ReferenceMeasure:
    return ReferenceMeasure.objects.get(reference=reference)


def blurred(name: str) -> bytes:
    buffer = BytesIO()
    with Image.open(BytesIO(photo(name))) as image:
        image.convert("RGB").filter(ImageFilter.GaussianBlur(12)).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_misplaced_photo_is_less_like_its_category_than_the_others(gallery):
    cats = [added(gallery, "cat", data) for data in (photo("chelsea.png"), blurred("chelsea.png"))]
    cats.append(added(gallery, "cat", another_view("chelsea.png")))
    misplaced = added(gallery, "cat", photo("coffee.png"))
    assert measure_stale() == 4
    least = ReferenceMeasure.objects.order_by("similarity").first()
    assert least.reference == misplaced
    assert measured(cats[0]).similarity > 0.5 > least.similarity


def test_an_only_photo_is_compared_with_none_of_its_own(gallery):
    only = added(gallery, "cat", photo("chelsea.png"))
    measure_stale()
    assert (measured(only).similarity, measured(only).nearest) == (None, None)


def test_the_same_photo_in_two_categories_collides_and_is_a_twin(gallery):
    cat = added(gallery, "cat", photo("chelsea.png"))
    tabby = added(gallery, "tabby", photo("chelsea.png"))
    added(gallery, "cup", photo("coffee.png"))
    measure_stale()
    found = measured(cat)
    assert found.collides and found.nearest == tabby.category and found.twin == tabby
    assert found.nearest_similarity == pytest.approx(1.0, abs=1e-3)
    assert measured(tabby).twin == cat
    cup = measured(Reference.objects.get(category__slug="cup"))
    assert (cup.collides, cup.twin) == (False, None)


def test_a_blurred_photo_is_told_from_a_sharp_one(gallery):
    sharp = added(gallery, "cat", photo("coffee.png"))
    soft = added(gallery, "cat", blurred("coffee.png"))
    measure_stale()
    assert (measured(sharp).flaw, measured(soft).flaw) == ("", "blurred")
    assert measured(sharp).sharpness > measured(soft).sharpness


def test_one_that_waits_is_measured_against_what_is_searched(gallery, bob):
    update_gallery(gallery=gallery, review_references=True)
    known = added(gallery, "cat", photo("chelsea.png"))
    waiting = added(gallery, "cat", another_view("chelsea.png"), user=bob)
    measure_stale()
    assert measured(waiting).similarity > 0.5
    assert measured(known).similarity is None
    cup = create_category(gallery=gallery, name="Cup")
    move_references(gallery=gallery, references=[waiting], category=cup)
    measure_stale()
    assert measured(waiting).similarity is None
    assert measured(waiting).nearest == known.category


def test_only_what_changed_is_measured_again(gallery):
    added(gallery, "cat", photo("chelsea.png"))
    twin = added(gallery, "tabby", photo("chelsea.png"))
    assert measure_stale() == 2
    assert measure_stale() == 0 and not galleries_to_measure().exists()
    remove_reference(gallery=gallery, reference=twin)
    assert measure_stale() == 1
    assert not ReferenceMeasure.objects.get().collides
    assert ReferenceMeasure.objects.get().twin is None
