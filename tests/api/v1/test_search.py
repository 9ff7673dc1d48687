from __future__ import annotations

import pytest

from tests.photos import another_view, photo, upload

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/pets/"


@pytest.fixture
def three_references(gallery, as_alice):
    for category, file in [
        ("cat", "chelsea.png"),
        ("coffee", "coffee.png"),
        ("rocket", "rocket.jpg"),
    ]:
        given = {"category": category, "image": upload(photo(file)), "create": "true"}
        assert as_alice.post(f"{URL}references/", given, format="multipart").status_code == 201


def test_search_by_image_puts_the_nearest_first(three_references, as_alice):
    given = {"image": upload(another_view("coffee.png"))}
    answer = as_alice.post(f"{URL}search/", given, format="multipart").json()
    assert [result["category"] for result in answer["results"]][0] == "coffee"
    similarities = [result["similarity"] for result in answer["results"]]
    assert similarities == sorted(similarities, reverse=True)
    assert len(similarities) == 3


def test_search_by_text_finds_what_it_describes(three_references, as_alice):
    for text, category in [("a cat", "cat"), ("a cup of coffee", "coffee"), ("a rocket", "rocket")]:
        answer = as_alice.post(f"{URL}search/", {"text": text, "limit": 1}).json()
        assert [result["category"] for result in answer["results"]] == [category]


def test_search_stays_within_the_categories_asked_for(three_references, as_alice):
    given = {"text": "a cat", "categories": ["coffee", "rocket"]}
    answer = as_alice.post(f"{URL}search/", given).json()
    assert {result["category"] for result in answer["results"]} == {"coffee", "rocket"}


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({}, 400, "invalid_input"),
        ({"text": "a cat", "image": "aGVsbG8="}, 400, "invalid_input"),
        ({"text": "a cat", "limit": 0}, 400, "invalid_input"),
        ({"text": "a cat", "categories": ["dog"]}, 404, "category_not_found"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(given, status, code, gallery, as_alice):
    refused = as_alice.post(f"{URL}search/", given)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
