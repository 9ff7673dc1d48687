"""A gallery's encoder is changed from its settings: compared, switched to, and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from recognition.models import EncoderChange, Gallery
from recognition.services.recognition.identify import identify
from recognition.worker.take_turn import take_turn
from tests.browser.conftest import answer, drop
from tests.browser.test_accessibility import violations
from tests.encoders.conftest import tiny_checkpoint  # noqa: F401
from tests.photos import another_view, photo
from tests.services.encoder_changes.conftest import tiny  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)

SETTINGS = "/g/pets/settings/encoder/"


def encoder_of(gallery: Gallery) -> str:
    return Gallery.objects.select_related("encoder").get(pk=gallery.pk).encoder.name


def settled(page: Page) -> None:
    """Whatever the page shows of a change, it shows to everybody, and within its width."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_another_encoder_is_compared_and_switched_to(page, gallery, alice, pets, photos, tiny):  # noqa: F811
    for data in (another_view("chelsea.png"), photo("coins.png")):
        identify(gallery=gallery, data=data, user=alice)
    page.goto(SETTINGS)
    page.get_by_role("radio", name=tiny).check()
    page.get_by_role("button", name="Start").click()
    said = page.locator("#main .note.success")
    expect(said).to_contain_text("The gallery stays as it is until you switch.")
    expect(page.get_by_role("progressbar", name="Embedded")).to_be_visible()
    settled(page)
    take_turn(EncoderChange.objects.get().job_id)
    # The page looks by itself how far the worker is.
    expect(page.get_by_role("heading", name="Ready to switch")).to_be_visible()
    expect(page.get_by_text("past answers stay the same")).to_be_visible()
    expect(page.locator(".compared .figure").first).to_contain_text("/ 2")
    settled(page)
    assert encoder_of(gallery) == "bundled"
    page.get_by_role("button", name="Switch now").click()
    expect(said).to_contain_text("now uses the new encoder")
    settled(page)
    assert encoder_of(gallery) == tiny
    page.goto("/g/pets/identify/")
    drop(page, photos / "cat.jpg")
    expect(answer(page)).to_be_visible()
    page.goto(SETTINGS)
    page.get_by_role("button", name="Roll back").click()
    expect(said).to_contain_text("searched with the old encoder again")
    expect(page.get_by_role("list").get_by_text("Rolled back")).to_be_visible()
    assert encoder_of(gallery) == "bundled"
