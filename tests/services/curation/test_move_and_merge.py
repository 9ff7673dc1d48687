"""Moving and merging keep what was enrolled, and every index follows."""

from __future__ import annotations

import pytest

from recognition.core.errors import CategoryNotFound, InvalidInput
from recognition.models import Category, Feedback, Reference
from recognition.selectors.categories import get_category
from recognition.services.categories.create_category import create_category
from recognition.services.curation.merge_categories import merge_categories
from recognition.services.feedback.give_feedback import give_feedback
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.recognition.identify import identify
from recognition.services.recognition.search import search
from recognition.services.references.enrol import enrol
from recognition.services.references.move_references import move_references
from recognition.services.removal import remove_category
from tests.photos import another_view, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def cat(gallery) -> Reference:
    create_category(gallery=gallery, name="Cat", prompts=["a cat", "a pet"])
    return enrol(gallery=gallery, category="cat", data=photo("chelsea.png")).reference


@pytest.fixture
def tabby(gallery) -> Category:
    category = create_category(gallery=gallery, name="Tabby", prompts=["a tabby", "a pet"])
    enrol(gallery=gallery, category="tabby", data=photo("coffee.png"))
    return category


def named(gallery, data: bytes) -> str | None:
    return identify(gallery=gallery, data=data).answer["candidates"][0]["category"]


def found(gallery, data: bytes) -> dict[str, str]:
    results = search(gallery=gallery, data=data)["results"]
    return {result["reference"]: result["category"] for result in results}


def test_a_moved_reference_speaks_for_its_new_category(gallery, cat, tabby):
    assert named(gallery, another_view("chelsea.png")) == "cat"
    assert move_references(gallery=gallery, references=[cat], category=tabby) == 1
    assert found(gallery, photo("chelsea.png"))[cat.public_id] == "tabby"
    assert cat.embeddings.get().category == tabby


def test_moving_to_where_it_is_changes_nothing(gallery, cat, tabby):
    before = gallery.changes.count()
    assert move_references(gallery=gallery, references=[cat], category=cat.category) == 0
    assert gallery.changes.count() == before


def test_merged_categories_are_one(gallery, cat, tabby):
    query = identify(gallery=gallery, data=another_view("chelsea.png")).query
    give_feedback(gallery=gallery, query=query, verdict=Feedback.Verdict.RIGHT)
    merge_categories(gallery=gallery, categories=[cat.category, tabby], into=tabby)
    assert Category.objects.get() == tabby
    assert {prompt.text for prompt in tabby.prompts.all()} == {"a cat", "a pet", "a tabby"}
    assert get_category(gallery, "tabby").references.count() == 2
    assert Feedback.objects.get().category == tabby
    assert named(gallery, another_view("chelsea.png")) == "tabby"
    assert set(found(gallery, photo("chelsea.png")).values()) == {"tabby"}
    assert tabby.embeddings.count() == 5


def test_nothing_crosses_to_another_gallery(gallery, cat, alice):
    other = create_gallery(name="Other", owner=alice)
    stranger = create_category(gallery=other, name="Cat")
    with pytest.raises(InvalidInput):
        move_references(gallery=other, references=[cat], category=stranger)
    with pytest.raises(CategoryNotFound):
        move_references(gallery=gallery, references=[cat], category=stranger)
    with pytest.raises(InvalidInput):
        merge_categories(gallery=other, categories=[cat.category], into=stranger)
    assert named(gallery, another_view("chelsea.png")) == "cat"


def test_a_category_removed_meanwhile_takes_nothing(gallery, cat, tabby):
    remove_category(gallery=gallery, category=Category.objects.get(slug="tabby"))
    with pytest.raises(CategoryNotFound):
        move_references(gallery=gallery, references=[cat], category=tabby)
    with pytest.raises(CategoryNotFound):
        merge_categories(gallery=gallery, categories=[cat.category], into=tabby)
    assert named(gallery, another_view("chelsea.png")) == "cat"
