"""Categories that turned out to be one, and those that once had the same name."""

from __future__ import annotations

import pytest

from recognition.models import AuditEntry, Category, Reference
from recognition.services.categories.create_category import create_category
from tests.photos import photo, upload

pytestmark = pytest.mark.django_db
API = "/api/v1/galleries/pets"


@pytest.fixture
def twins(gallery, as_alice) -> tuple[Category, Category]:
    """Two that an older version gave one name, each with a photo."""
    elder = create_category(gallery=gallery, name="Mug")
    twin = create_category(gallery=gallery, name="Mug (2)", prompts=["a mug"])
    Category.objects.filter(pk=twin.pk).update(twin_of=elder)
    for category, name in ((elder, "chelsea.png"), (twin, "coffee.png")):
        enrolled = as_alice.post(
            f"{API}/references/",
            {"category": category.slug, "image": upload(photo(name))},
            format="multipart",
        )
        assert enrolled.status_code == 201
    create_category(gallery=gallery, name="Cup")
    return elder, twin


def names(answer) -> list[str]:
    return [each["name"] for each in answer.json()["results"]]


def test_what_once_had_the_same_name_is_listed(twins, as_alice):
    listed = as_alice.get(f"{API}/categories/?twins=true")
    assert [(each["slug"], each["twin_of"]) for each in listed.json()["results"]] == [
        ("mug-2", "mug")
    ]
    assert names(as_alice.get(f"{API}/categories/?twins=false")) == ["Mug", "Cup"]


def test_a_merge_moves_all_that_a_category_holds(twins, as_alice):
    given = {"categories": ["Mug (2)"], "into": "mug"}
    merged = as_alice.post(f"{API}/merges/", given, headers={"Idempotency-Key": "k"})
    assert merged.status_code == 200
    told = merged.json()
    assert (told["slug"], told["references"], told["prompts"]) == ("mug", 2, ["a mug"])
    assert names(as_alice.get(f"{API}/categories/")) == ["Mug", "Cup"]
    assert Reference.objects.filter(category__slug="mug").count() == 2
    assert AuditEntry.objects.filter(deed="merge", subject="mug").count() == 1
    again = as_alice.post(f"{API}/merges/", given, headers={"Idempotency-Key": "k"})
    assert again.json() == told


def test_what_is_another_thing_is_listed_no_more(twins, as_alice):
    kept = as_alice.patch(f"{API}/categories/mug-2/", {"twin_of": None})
    assert (kept.status_code, kept.json()["twin_of"]) == (200, None)
    assert names(as_alice.get(f"{API}/categories/?twins=true")) == []


def test_what_comes_back_as_it_is_changes_nothing(twins, as_alice):
    assert as_alice.patch(f"{API}/categories/mug-2/", {"twin_of": "mug"}).status_code == 200
    assert names(as_alice.get(f"{API}/categories/?twins=true")) == ["Mug (2)"]
    refused = as_alice.patch(f"{API}/categories/mug-2/", {"twin_of": "cup"})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_input")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"categories": [], "into": "mug"}, 400),
        ({"categories": ["mug"] * 101, "into": "mug"}, 400),
        ({"categories": ["nothing"], "into": "mug"}, 404),
        ({"categories": ["mug"], "into": "nothing"}, 404),
    ],
)
def test_a_merge_that_makes_no_sense_changes_nothing(given, status, twins, as_alice):
    assert as_alice.post(f"{API}/merges/", given).status_code == status
    assert Category.objects.count() == 3


def test_who_may_only_look_merges_nothing(twins, as_victor, as_charlie):
    given = {"categories": ["mug-2"], "into": "mug"}
    assert as_victor.post(f"{API}/merges/", given).status_code == 403
    assert as_charlie.post(f"{API}/merges/", given).status_code == 404
    assert Category.objects.count() == 3
