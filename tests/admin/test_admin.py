"""The console shows everything, and what it removes leaves the index too."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from recognition.models import Category, Change, Gallery, Reference
from recognition.services.api_keys.issue_key import issue_key
from recognition.services.categories.create_category import create_category
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from tests.photos import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def cat(gallery, alice) -> Reference:
    create_category(gallery=gallery, name="Cat", prompts=["a cat"])
    reference = enrol(gallery=gallery, category="cat", data=photo("chelsea.png")).reference
    identify(gallery=gallery, data=photo("chelsea.png"))
    issue_key(user=alice, name="door")
    return reference


MODELS = [model for model in admin.site._registry if model._meta.app_label == "recognition"]


def url_of(model, view: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_is_listed_and_shown(model, cat, boss):
    assert boss.get(url_of(model, "changelist")).status_code == 200
    if row := model.objects.first():
        assert boss.get(url_of(model, "change", row.pk)).status_code == 200


def test_every_model_is_registered():
    from django.apps import apps

    models = set(apps.get_app_config("recognition").get_models())
    through = {model for model in models if model._meta.auto_created}
    assert set(MODELS) == models - through


def test_the_console_is_checked_before_there_is_a_database(django_assert_num_queries):
    from django.core.checks import Tags, run_checks

    with django_assert_num_queries(0):
        assert run_checks(tags=[Tags.admin]) == []


@pytest.mark.parametrize("model", [Reference, Category, Gallery])
def test_what_is_removed_leaves_the_index_too(model, gallery, cat, boss):
    before = gallery.changes.filter(action=Change.Action.REMOVE).count()
    row = model.objects.get()
    answer = boss.post(url_of(model, "delete", row.pk), {"post": "yes"})
    assert answer.status_code == 302
    assert not Reference.objects.exists()
    if model is not Gallery:
        assert gallery.changes.filter(action=Change.Action.REMOVE).count() > before
        found = identify(gallery=gallery, data=photo("chelsea.png")).answer["candidates"]
        assert "reference" not in {candidate["evidence"]["kind"] for candidate in found}


def test_a_thumbnail_is_shown_beside_its_reference(cat, boss):
    page = boss.get(url_of(Reference, "changelist")).content.decode()
    assert reverse("dashboard:thumbnail", args=("pets", cat.public_id)) in page


@pytest.mark.parametrize(("shots", "slugs"), [("0", {"dog"}), ("1", {"cat"}), ("more", set())])
def test_categories_are_told_by_their_shots(shots, slugs, gallery, cat, boss):
    create_category(gallery=gallery, name="Dog", prompts=["a dog"])
    shown = boss.get(url_of(Category, "changelist"), {"shots": shots}).context["cl"].queryset
    assert {category.slug for category in shown} == slugs
