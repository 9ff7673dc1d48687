"""The curators' console in a real browser."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def curator(page: Page, pets) -> Page:
    """Alice, who may do all in the console."""
    User.objects.filter(username="alice").update(is_staff=True, is_superuser=True)
    return page


def test_the_admin_merges_two_categories_and_the_dashboard_follows(curator):
    curator.goto("/admin/recognition/category/")
    for name in ("Cat", "Cup"):
        row = curator.get_by_role("row").filter(has_text=name).first
        row.locator("input.action-select").check()
    curator.locator("select[name=action]").select_option("merge")
    curator.get_by_role("button", name="Run").click()
    expect(curator.get_by_text("Make these one category.")).to_be_visible()
    curator.get_by_label("Category").select_option(label="Cat")
    curator.get_by_role("button", name="Merge").click()
    expect(curator.get_by_text("Pets: merged Cat, Cup into Cat.")).to_be_visible()
    curator.goto("/g/pets/")
    expect(curator.get_by_role("link", name="Cup")).to_have_count(0)
    curator.goto("/g/pets/c/cat/")
    expect(curator.locator("#shots > li")).to_have_count(2)
