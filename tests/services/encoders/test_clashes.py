"""What is taken is named; what the database refuses for another reason is not called taken."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, connection

from recognition.core.errors import AlreadyExists, InvalidBundle
from recognition.models import Category, Gallery, Reference
from recognition.services.bundles.insert_gallery import insert_gallery
from recognition.services.bundles.manifest import FORMAT, MAX_VALUES, parse_manifest
from recognition.services.categories.create_category import create_category
from recognition.services.categories.update_category import update_category
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.references.enrol import enrol, insert_reference
from tests.photos import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def cat(gallery) -> Category:
    return create_category(gallery=gallery, name="Cat", slug="cat", external_id="4711")


@pytest.fixture
def stricter(db) -> None:
    """A database that has constraints of its own, until the test ends."""
    with connection.cursor() as cursor:
        columns = {"category": "metadata", "gallery": "name", "reference": "width"}
        for table, column in columns.items():
            index = f"CREATE UNIQUE INDEX stricter_{table} ON recognition_{table} ({column})"
            cursor.execute(index)


@pytest.mark.parametrize(
    ("given", "said"), [({"slug": "cat"}, "slug 'cat'"), ({"external_id": "4711"}, "id '4711'")]
)
def test_the_name_that_a_category_has_is_named(given, said, gallery, cat):
    with pytest.raises(AlreadyExists, match=said):
        create_category(gallery=gallery, name="Dog", **given)


def test_a_references_id_that_is_taken_is_named(gallery, cat):
    enrol(gallery=gallery, category="cat", data=photo("chelsea.png"), external_id="shot-1")
    with pytest.raises(AlreadyExists, match="'shot-1'"):
        enrol(gallery=gallery, category="cat", data=photo("coffee.png"), external_id="shot-1")


def test_whatever_else_is_refused_stays_what_it_is(stricter, gallery, cat, alice):
    dog = create_category(gallery=gallery, name="Dog", metadata={"legs": 4})
    kept = enrol(gallery=gallery, category="cat", data=photo("chelsea.png")).reference
    of_its_width = Reference(
        gallery=gallery, category=cat, width=kept.width, height=1, external_id="free"
    )
    for write in (
        lambda: insert_reference(of_its_width),
        lambda: create_category(gallery=gallery, name="Owl", slug="free", external_id="free"),
        lambda: update_category(gallery=gallery, category=dog, metadata={}, external_id="free"),
        lambda: create_gallery(name="Pets", owner=alice),
    ):
        with pytest.raises(IntegrityError):
            write()


def bundle(**changed) -> dict:
    head = {"slug": "birds", "name": "Birds", "description": "", "target_far": 0.01}
    category = {"slug": "owl", "name": "Owl", "external_id": "", "metadata": {}, "prompts": []}
    reference = {"category": "owl", "external_id": ""}
    return {
        "gallery": head | {"review_references": False},
        "categories": [category, category | {"slug": "kite"} | changed.get("category", {})],
        "references": changed.get("references", [reference, reference]),
    }


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"category": {"slug": "owl"}}, "slug 'owl' 2 times"),
        ({"category": {"prompts": [{"text": "a kite"}] * 3}}, "prompt of 'kite' 'a kite' 3 times"),
        ({"references": [{"external_id": "7"}] * 2}, "external_id of a reference '7' 2 times"),
    ],
)
def test_what_a_bundle_gives_twice_is_named(changed, said, gallery, alice):
    with pytest.raises(InvalidBundle, match=said):
        insert_gallery(bundle(**changed), None, None, encoder=gallery.encoder, owner=alice, slug="")
    assert not Gallery.objects.filter(slug="birds").exists()


@pytest.mark.parametrize("metadata", [{"a": "\0"}, {"\ud800": 1}, {"a": float("inf")}])
def test_what_no_database_keeps_is_refused_in_a_bundle(metadata):
    given = {**bundle(category={"metadata": metadata}), "format": FORMAT, "version": 1}
    with pytest.raises(InvalidBundle, match="cannot be kept"):
        parse_manifest(json.dumps(given).encode())


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"[" * 100_000, "not JSON"), (b"[" + b"{}," * MAX_VALUES + b"0]", "more than")],
)
def test_a_bundle_that_would_take_the_memory_is_refused_unread(content, said):
    with pytest.raises(InvalidBundle, match=said):
        parse_manifest(content)
