"""Looking at how a gallery decides, and changing it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from recognition.models import Evaluation, Feedback
from recognition.services.feedback.give_feedback import give_feedback
from recognition.services.recognition.identify import identify
from recognition.worker.take_turn import take_turn
from tests.browser.test_accessibility import violations
from tests.photos import another_view, photo

PAINTED = """canvas => canvas.width && canvas.getContext("2d")
    .getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(gallery, alice, pets):
    """A cat, which somebody called right, something unknown, and another view of the cup."""
    cat, *_ = [
        identify(gallery=gallery, data=data, user=alice).query
        for data in (another_view("chelsea.png"), photo("coins.png"), another_view("coffee.png"))
    ]
    give_feedback(gallery=gallery, query=cat, verdict=Feedback.Verdict.RIGHT)


def test_the_slider_changes_decisions(page, gallery, asked):
    page.goto("/g/pets/insights/")
    matches = page.locator("[data-outcome=match]")
    expect(matches).to_have_text("2")
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "1 in 10,000")
    expect(matches).not_to_have_text("2")
    expect(page.get_by_role("heading", name="would change")).to_be_visible()
    expect(page.locator("#announcements")).to_contain_text("1 in 10,000: ")
    page.get_by_role("button", name="Use 1 in 10,000").click()
    expect(page.get_by_text("Saved: 1 in 10,000.")).to_be_visible()
    gallery.refresh_from_db()
    assert gallery.target_far == 0.0001


def test_a_measurement_is_drawn(page, gallery, asked):
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.goto("/g/pets/insights/")
    page.get_by_role("button", name="Measure now").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    evaluation = Evaluation.objects.get()
    take_turn(evaluation.job_id)
    expect(page.get_by_text("Measured. The charts show it.")).to_be_visible()
    for name in ("Cost of strictness", "Scores", "Map of the references", "Activity"):
        canvas = page.get_by_role("img", name=name, exact=name == "Scores")
        canvas.scroll_into_view_if_needed()
        page.wait_for_function(PAINTED, arg=canvas.element_handle())
    expect(page.locator("#map-words")).to_have_text("2 references of 2 categories.")
    page.get_by_text("As a table").click()
    expect(page.get_by_role("cell", name="Cup")).to_be_visible()
    words = page.locator("#det-words")
    expect(words).to_contain_text("If 1 in 10 unknown photos may pass")
    page.get_by_role("slider").focus()
    page.keyboard.press("End")
    expect(words).to_contain_text("If 1 in 5 unknown photos may pass")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
