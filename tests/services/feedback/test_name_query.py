from __future__ import annotations

import pytest

from recognition.models import Category, Feedback, Reference
from recognition.services.feedback import give_feedback
from recognition.services.feedback.name_query import name_query
from recognition.services.recognition.identify import identify
from tests.photos import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def query(gallery):
    return identify(gallery=gallery, data=photo("coffee.png")).query


def test_a_new_name_makes_a_category_with_the_query_as_its_first_reference(gallery, query):
    said = name_query(gallery=gallery, query=query, name=" Café crème ")
    assert (said.category.name, said.category.slug) == ("Café crème", "cafe-creme")
    assert Reference.objects.get().category == said.category


def test_a_known_name_is_said_of_it_and_enrols_it_where_that_is_wanted(gallery, query):
    known = Category.objects.create(gallery=gallery, slug="mug", name="Mug")
    assert name_query(gallery=gallery, query=query, name="mug").category == known
    assert not Reference.objects.exists()
    name_query(gallery=gallery, query=query, name="Mug", promote=True)
    assert Reference.objects.get().category == known


def test_a_new_name_is_not_taken_for_somebodys_external_id(gallery, query):
    other = Category.objects.create(gallery=gallery, slug="tea", name="Tea", external_id="mug")
    said = name_query(gallery=gallery, query=query, name="Mug")
    assert said.category != other
    assert said.category.name == "Mug"


def test_what_cannot_be_kept_makes_no_category_either(gallery, query, monkeypatch):
    def fails(_gallery):
        raise RuntimeError("the process ends here")

    monkeypatch.setattr(give_feedback, "count_feedback", fails)
    with pytest.raises(RuntimeError):
        name_query(gallery=gallery, query=query, name="Mug")
    assert not Category.objects.exists()
    assert not Reference.objects.exists()
    assert not Feedback.objects.exists()
