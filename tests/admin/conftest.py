from __future__ import annotations

import pytest
from django.test import Client

from recognition.models import Reference
from recognition.services.categories.create_category import create_category
from recognition.services.galleries.update_gallery import update_gallery
from recognition.services.references.enrol import enrol
from tests.photos import another_view, photo


@pytest.fixture
def boss(django_user_model) -> Client:
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("boss"))
    return client


@pytest.fixture
def cat(gallery, alice) -> Reference:
    create_category(gallery=gallery, name="Cat", prompts=["a cat"])
    return enrol(gallery=gallery, category="cat", data=photo("chelsea.png")).reference


@pytest.fixture
def waiting(gallery, cat, bob) -> Reference:
    update_gallery(gallery=gallery, review_references=True)
    data = another_view("chelsea.png")
    return enrol(gallery=gallery, category="cat", data=data, user=bob).reference
