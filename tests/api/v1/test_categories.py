from __future__ import annotations

import pytest

from recognition.models import Category, Embedding, Prompt
from tests.photos import photo, upload

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/pets/categories/"


def test_a_category_is_made_with_or_without_prompts(gallery, as_alice):
    given = {"name": "Tabby cat", "external_id": "4711", "metadata": {"colour": "grey"}}
    answer = as_alice.post(URL, given)
    assert answer.status_code == 201
    assert answer.json() | {"created_at": ""} == {
        "slug": "tabby-cat",
        "name": "Tabby cat",
        "external_id": "4711",
        "prompts": [],
        "references": 0,
        "metadata": {"colour": "grey"},
        "twin_of": None,
        "created_at": "",
        "warnings": [],
    }
    described = as_alice.post(URL, {"name": "Dog", "prompts": ["a dog", "a puppy", "a dog"]})
    assert described.json()["prompts"] == ["a dog", "a puppy"]
    assert Embedding.objects.count() == 2


def test_a_category_is_found_by_slug_or_external_id(gallery, as_alice):
    as_alice.post(URL, {"name": "Cat", "external_id": "4711"})
    assert as_alice.get(f"{URL}cat/").json() == as_alice.get(f"{URL}4711/").json()


@pytest.mark.parametrize("clash", [{"slug": "cat"}, {"external_id": "4711"}])
def test_slugs_and_external_ids_are_used_once(clash, gallery, as_alice):
    as_alice.post(URL, {"name": "Cat", "external_id": "4711"})
    refused = as_alice.post(URL, {"name": "Other", "prompts": ["a thing"], **clash})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_exists")
    assert not Prompt.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": "Cat", "prompts": [" "]},
        {"name": "Cat", "prompts": ["x" * 501]},
        {"name": "Cat", "prompts": "a cat"},
        {"name": "Cat", "metadata": "grey"},
        {"name": "Cat", "slug": "a/b"},
    ],
)
def test_a_category_that_makes_no_sense_is_refused(given, gallery, as_alice):
    refused = as_alice.post(URL, given)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_input")
    assert not Category.objects.exists()


def test_a_category_is_changed(gallery, as_alice):
    as_alice.post(URL, {"name": "Cat", "prompts": ["a cat", "a kitten"]})
    change = {"name": "Cats", "external_id": "7", "prompts": ["a kitten", "a tomcat"]}
    changed = as_alice.patch(f"{URL}cat/", change).json()
    assert changed["slug"] == "cat"
    assert (changed["name"], changed["external_id"]) == ("Cats", "7")
    assert changed["prompts"] == ["a kitten", "a tomcat"]
    gallery.refresh_from_db()
    assert gallery.generation == 4


def test_an_external_id_of_another_category_is_refused(gallery, as_alice):
    as_alice.post(URL, {"name": "Cat", "external_id": "4711"})
    as_alice.post(URL, {"name": "Dog"})
    refused = as_alice.patch(f"{URL}dog/", {"external_id": "4711"})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_exists")


def test_lists_are_paged_and_count_shots(gallery, as_alice):
    for name in ("Cat", "Dog", "Emu"):
        as_alice.post(URL, {"name": name})
    given = {"category": "dog", "image": upload(photo("chelsea.png"))}
    as_alice.post("/api/v1/galleries/pets/references/", given, format="multipart")
    first = as_alice.get(f"{URL}?page_size=2").json()
    rest = as_alice.get(first["next"]).json()
    listed = first["results"] + rest["results"]
    assert [(row["slug"], row["references"]) for row in listed] == [
        ("cat", 0),
        ("dog", 1),
        ("emu", 0),
    ]
    assert rest["next"] is None
