"""A camera that sees the cat: one photo of it, an answer to all that it sees, and a door."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from recognition.models import Query
from tests.browser.conftest import answer

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_camera_answers_live_and_takes_a_photo(page, pets):
    page.goto("/g/pets/identify/")
    page.get_by_role("button", name="Camera").click()
    camera = page.get_by_role("dialog")
    camera.get_by_role("button", name="Answer live").click()
    expect(camera.locator("#seen .match")).to_contain_text("Cat")
    expect(page.locator("#announcements")).to_have_text("It is Cat.")
    assert not Query.objects.exists()
    camera.get_by_role("button", name="Take photo").click()
    expect(answer(page).get_by_role("heading", name="Cat")).to_be_visible()
    expect(camera).to_be_hidden()
    assert page.locator("dialog video").evaluate("video => video.srcObject === null")


def test_a_door_opens_to_what_is_claimed(page, pets):
    page.goto("/g/pets/verify/?category=cat")
    page.get_by_role("link", name="Kiosk").click()
    expect(page.locator("#seen .match")).to_contain_text("Cat")
    expect(page.get_by_role("navigation")).to_have_count(0)
    with page.expect_request("**/glance/"):
        pass  # the next picture, without anybody's doing
    page.get_by_role("link", name="Leave").click()
    expect(page.get_by_role("radio", name="Cat")).to_be_checked()


def test_a_category_is_made_of_what_the_camera_sees(page, gallery):
    page.goto("/g/pets/")
    page.get_by_role("button", name="Camera").click()
    page.get_by_role("dialog").get_by_role("button", name="Take photo").click()
    row = page.locator("#new-categories form")
    expect(row.get_by_text("Photo is fine.")).to_be_visible()
    row.get_by_label("Name of").fill("Cat")
    row.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#tiles h2")).to_have_text("Cat")
    expect(page.locator("#category-count")).to_have_text("1 category")


def test_a_door_recognises_in_passing_and_by_name_and_opens_nothing_else(page, pets):
    page.goto("/g/pets/verify/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Door mode").click()
    expect(page.locator("#seen .match")).to_contain_text("It's Cat")
    expect(page.locator("#seen .waits")).to_be_visible()
    page.get_by_label("Badge or name").fill("Cup")
    page.keyboard.press("Enter")
    expect(page.locator("#seen .no")).to_contain_text("Not Cup")
    expect(page.get_by_label("Badge or name")).to_have_value("")
    verified = Query.objects.get(kind="verification")
    assert (verified.claim.name, verified.outcome) == ("Cup", "unknown")
    page.goto("/g/pets/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
