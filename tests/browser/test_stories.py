"""What people do on the dashboard, from the first click to the answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from recognition.models import Category, Feedback, Gallery, Reference
from recognition.services.references.enrol import enrol
from tests.browser.conftest import answer, drop
from tests.photos import photo

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_an_empty_gallery_to_a_first_answer(page, photos):
    page.goto("/")
    page.get_by_role("link", name="Pets").click()
    expect(page.get_by_role("heading", name="Nothing to recognise yet")).to_be_visible()
    drop(page, photos / "coins_again.png")
    name = page.locator("#new-categories input[name=name]")
    expect(name).to_be_focused()
    expect(name).to_have_value("coins again")
    name.fill("Roman coins")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#announcements")).to_have_text("Roman coins added.")
    page.get_by_role("link", name="Try it with another photo").click()
    drop(page, photos / "coins.jpg")
    expect(answer(page).get_by_role("heading", name="Maybe Roman coins")).to_be_visible()
    expect(answer(page).get_by_text("Reference: Roman coins")).to_be_visible()
    expect(page.locator("#announcements")).to_contain_text("Maybe Roman coins")


def test_the_first_days_of_a_gallery_are_told_as_they_are(page, gallery, photos):
    """One false accept in a hundred: of that, one photo cannot speak; three can."""
    Gallery.objects.filter(pk=gallery.pk).update(target_far=0.01)
    enrol(gallery=gallery, category="Cat", data=photo("chelsea.png"), create=True)
    page.goto("/g/pets/identify/")
    drop(page, photos / "coins.jpg")
    expect(answer(page).get_by_role("heading", name="Not in this gallery")).to_be_visible()
    drop(page, photos / "cat.jpg")
    expect(answer(page).get_by_role("heading", name="Maybe Cat")).to_be_visible()
    doubt = "with one category this could be chance"
    expect(answer(page).get_by_text(doubt)).to_be_visible()
    expect(answer(page).get_by_text("Add two more categories.")).to_be_visible()
    expect(page.locator("#announcements")).to_contain_text(doubt)
    enrol(gallery=gallery, category="Cup", data=photo("coffee.png"), create=True)
    enrol(gallery=gallery, category="Rocket", data=photo("rocket.jpg"), create=True)
    drop(page, photos / "cat.jpg")
    expect(answer(page).get_by_role("heading", name="It's Cat")).to_be_visible()
    expect(answer(page).get_by_role("img", name="Strength: ")).to_be_visible()
    drop(page, photos / "coins.jpg")
    expect(answer(page).get_by_role("heading", name="Not in this gallery")).to_be_visible()


def test_many_files_become_many_categories(page, photos):
    page.goto("/g/pets/")
    drop(page, photos / "cat.jpg", photos / "cup.jpg", photos / "coins.jpg")
    page.get_by_role("button", name="Remove").nth(1).click()
    page.get_by_role("button", name="Add all").click()
    expect(page.locator("#new-categories .note")).to_have_count(2)
    expect(page.locator("#tiles h2")).to_have_text(["coins", "cat"])


def test_several_photos_are_answered_one_by_one(page, pets, photos, trouble):
    page.goto("/g/pets/identify/")
    drop(page, photos / "cat.jpg", photos / "text.jpg", photos / "cup.jpg")
    expect(page.locator("article.answer h2")).to_contain_text(["It's Cat", "It's Cup"])
    expect(page.get_by_role("alert").filter(has_text="image_unsupported")).to_be_visible()
    assert "415" in trouble.pop()


def test_an_unknown_thing_is_named_and_right_the_next_time(page, pets, photos):
    page.goto("/g/pets/identify/")
    drop(page, photos / "coins.jpg")
    expect(answer(page).get_by_role("heading", name="Not in this gallery")).to_be_visible()
    answer(page).get_by_label("Name").fill("Roman coins")
    answer(page).get_by_role("button", name="Add").click()
    noted = answer(page).get_by_text("It is Roman coins.")
    expect(noted).to_be_visible()
    expect(noted).to_be_focused()
    drop(page, photos / "coins_again.png")
    expect(answer(page).get_by_role("heading", name="Roman coins")).to_be_visible()


def test_a_wrong_answer_is_corrected_and_right_the_next_time(page, gallery, photos):
    enrol(gallery=gallery, category="Dog", data=photo("chelsea.png"), create=True)
    enrol(gallery=gallery, category="Cat", data=photo("coffee.png"), create=True)
    page.goto("/g/pets/identify/")
    drop(page, photos / "cat.jpg")
    expect(answer(page).get_by_role("heading", name="Dog")).to_be_visible()
    answer(page).get_by_role("button", name="Cat").click()
    expect(answer(page).get_by_text("It is Cat.")).to_be_visible()
    feedback = Feedback.objects.get()
    assert (feedback.category.name, feedback.verdict) == ("Cat", "it_is")
    drop(page, photos / "cat.jpg")
    expect(page.locator("article.answer")).to_have_count(2)
    expect(answer(page).get_by_role("heading", name="Cat")).to_be_visible()


def test_several_photos_of_the_same_thing_are_answered_as_one(page, pets, photos):
    page.goto("/g/pets/identify/")
    page.get_by_label("Several photos show the same thing").check()
    drop(page, *[photos / "cat.jpg"] * 3)
    expect(answer(page).get_by_role("heading", name="Cat")).to_be_visible()
    expect(page.locator("article.answer")).to_have_count(1)
    expect(answer(page).get_by_alt_text("Another photo")).to_have_count(2)
    drop(page, photos / "cup.jpg")
    expect(answer(page).get_by_role("heading", name="Cup")).to_be_visible()
    expect(answer(page).get_by_alt_text("Another photo")).to_have_count(0)


def test_a_category_by_a_description_alone(page, photos):
    page.goto("/g/pets/")
    form = page.locator("form").filter(has=page.get_by_label("What it looks like"))
    form.get_by_label("Name").fill("Cat")
    form.get_by_label("What it looks like").fill("a tabby cat")
    form.get_by_role("button").click()
    expect(page.get_by_text("added.")).to_be_visible()
    page.goto("/g/pets/identify/")
    drop(page, photos / "cat.jpg")
    expect(answer(page).get_by_text("“a tabby cat”", exact=True).first).to_be_visible()


def test_the_review_queue_by_keyboard_alone(page, pets, photos):
    page.goto("/g/pets/identify/")
    drop(page, photos / "coins.jpg", photos / "coins_again.png")
    expect(page.locator("article.answer")).to_have_count(2)
    page.goto("/g/pets/queries/?show=review")
    expect(page.locator("[data-rows] > li")).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("u")
    expect(page.get_by_text("Not in this gallery.")).to_be_focused()
    page.locator("[data-rows] > li").first.focus()
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.keyboard.type("Roman coins")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is Roman coins.")).to_be_visible()
    assert set(Feedback.objects.values_list("verdict", flat=True)) == {"unknown", "it_is"}
    assert Category.objects.filter(name="Roman coins").exists()


def test_a_reference_is_added_and_removed_on_the_spot(page, pets, photos):
    page.goto("/g/pets/c/cat/")
    drop(page, photos / "cat.jpg")
    expect(page.locator("#shots > li.tile")).to_have_count(2)
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#shots > li.tile").first.get_by_role("button", name="Remove").click()
    expect(page.locator("#shots > li.tile")).to_have_count(1)
    expect(page.locator("#shots > li.tile")).to_be_focused()
    assert Reference.objects.filter(category__slug="cat").count() == 1


def test_a_claim_is_verified(page, pets, photos):
    page.goto("/g/pets/verify/")
    page.get_by_label("Who or what should it be?").fill("ca")
    expect(page.locator("#picks label")).to_have_count(1)
    page.get_by_text("Cat", exact=True).click()
    drop(page, photos / "cup.jpg")
    expect(page.get_by_role("heading", name="Not Cat")).to_be_visible()
    expect(page.locator("#announcements")).to_have_text("Rejected: it does not look like Cat.")
    page.get_by_label("Who or what should it be?").fill("")
    page.get_by_text("Cup", exact=True).click()
    expect(page.get_by_role("heading", name="It's Cup")).to_be_visible()
    expect(page.get_by_role("heading", name="Not Cat")).to_have_count(0)


def test_categories_are_found_while_one_types(page, pets):
    page.goto("/g/pets/")
    page.get_by_label("Find a category").press_sequentially("cu")
    expect(page.locator("#categories h2")).to_have_text(["Cup"])
    expect(page.get_by_label("Find a category")).to_be_focused()
    assert "?q=cu" in page.url


def test_the_colour_scheme_is_remembered(page, pets):
    page.goto("/")
    page.get_by_role("button", name="Switch between light and dark").click()
    page.goto("/g/pets/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
