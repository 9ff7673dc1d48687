"""The curators' console in a real browser."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from recognition.services.recognition.identify import identify
from tests.browser.conftest import SIZES
from tests.browser.test_accessibility import LOOKS, violations
from tests.photos import another_view

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def curator(page: Page, pets) -> Page:
    """Alice, who may do all in the console."""
    User.objects.filter(username="alice").update(is_staff=True, is_superuser=True)
    return page


def tick(page: Page, *names: str) -> None:
    """Choose the categories that are called so."""
    page.goto("/admin/recognition/category/")
    for name in names:
        row = page.get_by_role("row").filter(has_text=name).first
        row.locator("input.action-select").check()


def run(page: Page, action: str) -> None:
    page.locator("select[name=action]").select_option(action)
    page.get_by_role("button", name="Run").click()


def test_the_admin_merges_two_categories_and_the_dashboard_follows(curator):
    tick(curator, "Cat", "Cup")
    run(curator, "merge")
    expect(curator.get_by_text("Make these one category.")).to_be_visible()
    curator.get_by_label("Category").select_option(label="Cat")
    curator.get_by_role("button", name="Merge").click()
    expect(curator.get_by_text("Pets: merged Cat, Cup into Cat.")).to_be_visible()
    curator.goto("/g/pets/")
    expect(curator.get_by_role("link", name="Cup")).to_have_count(0)
    curator.goto("/g/pets/c/cat/")
    expect(curator.locator("#shots > li")).to_have_count(2)


# An icon is as wide as its letters are high; a name that the font does not know is far wider.
SPELT_OUT = """() => document.fonts.ready.then(() =>
  [...document.querySelectorAll(".material-symbols-outlined")]
    .filter((icon) => icon.checkVisibility() && icon.textContent.trim())
    .filter((icon) => {
      const range = document.createRange();
      range.selectNodeContents(icon);
      const { width, height } = range.getBoundingClientRect();
      return Math.max(width, height) > 1.4 * parseFloat(getComputedStyle(icon).fontSize);
    })
    .map((icon) => icon.textContent.trim()))"""


def test_icons_are_drawn_and_not_spelt_out(curator, pets):
    cat = pets[0]
    spelt = {}
    for each in (
        reverse("admin:index"),
        address("reference", "changelist"),
        address("category", "change", cat.category.pk),
        address("reference", "delete", cat.pk),
    ):
        curator.goto(each)
        curator.locator(".material-symbols-outlined").locator("visible=true").first.wait_for()
        spelt[each] = curator.evaluate(SPELT_OUT)
    if (user := curator.locator("[x-on\\:click*=openUserLinks]").first).is_visible():
        user.click()
        expect(curator.get_by_text("Change password")).to_be_visible()
        spelt["user"] = curator.evaluate(SPELT_OUT)
    curator.goto(address("reference", "changelist"))
    curator.get_by_text("Filters").locator("visible=true").first.click()
    expect(curator.get_by_text("Apply Filters")).to_be_visible()
    spelt["filters"] = curator.evaluate(SPELT_OUT)
    assert not any(spelt.values()), spelt


def address(model: str, view: str, *args: int) -> str:
    return reverse(f"admin:recognition_{model}_{view}", args=args)


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_no_page_of_the_console_shuts_anybody_out(curator, pets, gallery, alice):
    identify(gallery=gallery, data=another_view("chelsea.png"), user=alice)
    cat = pets[0]
    pages = [
        reverse("admin:index"),
        *(address(model, "changelist") for model in ("gallery", "category", "reference", "query")),
        address("auditentry", "changelist"),
        address("category", "change", cat.category.pk),
        address("reference", "change", cat.pk),
        address("gallery", "import_archive", gallery.pk),
    ]
    found = []
    for scheme, size in LOOKS:
        look(curator, scheme, size)
        for each in pages:
            curator.goto(each)
            found += shut_out(curator)
        tick(curator, "Cat", "Cup")
        found += shut_out(curator)
        run(curator, "merge")
        expect(curator.get_by_role("button", name="Merge")).to_be_visible()
        found += shut_out(curator)
    assert not found, "\n".join(found)


def look(page: Page, scheme: str, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


def shut_out(page: Page) -> list[str]:
    shape = page.evaluate("`${document.documentElement.className || 'light'} ${innerWidth}`")
    return [f"{page.url} {shape} {each}" for each in violations(page)]
