"""The review queue, by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from recognition.models import Category, Feedback, Reference
from recognition.services.recognition.identify import identify
from tests.browser.test_accessibility import violations
from tests.photos import another_view, photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(gallery, alice, pets):
    """Two photos of coins and one of an astronaut; the gallery knows neither."""
    return [
        identify(gallery=gallery, data=data, user=alice).query
        for data in (another_view("coins.png"), photo("astronaut.png"), photo("coins.png"))
    ]


def test_a_queue_is_worked_off_by_keyboard_alone(page, asked):
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.goto("/g/pets/review/")
        assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    said = page.locator("#announcements")
    coins, astronaut = page.locator(".group").nth(0), page.locator(".group").nth(1)
    expect(coins).to_be_focused()
    expect(coins.get_by_role("heading")).to_have_text("2 similar photos. What is it?")
    page.keyboard.press("j")
    expect(astronaut).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.keyboard.type("Roman coins")
    page.keyboard.press("Enter")
    expect(said).to_have_text("2 photos: Roman coins, a new category, added as reference.")
    expect(page.locator(".group")).to_be_focused()
    page.keyboard.press("u")
    expect(said).to_have_text("1 photo: not in this gallery.")
    expect(page.get_by_role("link", name="Identify a photo")).to_be_focused()
    assert Reference.objects.filter(category__name="Roman coins").count() == 2
    page.keyboard.press("z")
    expect(said).to_have_text("Undone.")
    expect(page.locator(".group")).to_be_focused()
    page.keyboard.press("1")
    expect(page.locator(".done")).to_have_count(1)
    feedback = Feedback.objects.get(query=asked[1])
    assert feedback.verdict == "it_is"
    assert Category.objects.count() == 4


def test_one_photo_can_be_left_out_of_a_group(page, asked):
    page.goto("/g/pets/review/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".group").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("x")
    expect(page.locator("#announcements")).to_contain_text("1 photo: not ")
    assert Feedback.objects.get().query == asked[0]
    page.reload()
    expect(page.locator(".group")).to_have_count(2)
