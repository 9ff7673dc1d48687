"""Several categories are removed as one: all of them, or none."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection

from recognition.core.errors import InvalidInput
from recognition.models import AuditEntry, Category, Embedding, Gallery
from recognition.services.categories.create_category import create_category
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.references.enrol import enrol
from recognition.services.removal import remove_categories
from tests.photos import photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(gallery) -> list[Category]:
    dog = create_category(gallery=gallery, name="Dog", prompts=["a dog"])
    made = enrol(gallery=gallery, category="cat", data=photo("chelsea.png"), create=True)
    return [made.reference.category, dog]


def failing_at(deletion: int):
    """A database that breaks off when a category is deleted for the given time."""
    seen = []

    def execute(go_on, sql, params, many, context):
        if sql.startswith("DELETE") and '"recognition_category"' in sql:
            seen.append(sql)
            if len(seen) == deletion:
                raise DatabaseError("the connection is gone")
        return go_on(sql, params, many, context)

    return connection.execute_wrapper(execute)


def test_what_breaks_off_half_way_removes_nothing(gallery, two):
    [reference] = two[0].references.all()
    generation = Gallery.objects.get(pk=gallery.pk).generation
    trail = AuditEntry.objects.count()
    with failing_at(2), pytest.raises(DatabaseError):
        remove_categories(gallery=gallery, categories=list(two))
    assert Category.objects.count() == 2
    assert Embedding.objects.filter(reference=reference).exists()
    assert default_storage.exists(reference.image.name)
    assert Gallery.objects.get(pk=gallery.pk).generation == generation
    assert AuditEntry.objects.count() == trail
    remove_categories(gallery=gallery, categories=Category.objects.all())
    assert not Category.objects.exists() and not Embedding.objects.exists()
    assert not default_storage.exists(reference.image.name)
    assert AuditEntry.objects.count() == trail + 2


def test_categories_are_removed_within_their_gallery_only(gallery, two, alice):
    other = create_gallery(name="Other", owner=alice)
    far = create_category(gallery=other, name="Far")
    with pytest.raises(InvalidInput):
        remove_categories(gallery=gallery, categories=[*two, far])
    assert Category.objects.count() == 3
