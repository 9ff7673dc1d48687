"""A gallery of faces and one of characters, from their making to the right answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from recognition.models import Gallery
from recognition.services.demo.characters import STRANGER, character_query, reference_image
from tests.browser.conftest import answer, drop
from tests.photos import photo, portrait

pytestmark = pytest.mark.django_db(transaction=True)


def make(page, domain: str, name: str) -> None:
    page.goto("/new/")
    page.get_by_role("radio", name=domain).check()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Create gallery").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def add_all(page, *files: Path) -> None:
    drop(page, *files)
    page.get_by_role("button", name="Add all").click()
    expect(page.locator("#new-categories .note.success, #new-categories .note")).to_have_count(
        len(files)
    )


def test_people_are_recognised_from_one_photo_each(domains, page, tmp_path, trouble):
    make(page, "Faces", "Front desk")
    assert Gallery.objects.get(name="Front desk").domain == "faces"
    expect(page.get_by_text("Or from a description")).to_have_count(0)
    drop(page, written(tmp_path, "Eileen.png", portrait()))
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#announcements")).to_have_text("Eileen added.")
    page.get_by_role("link", name="Try it with another photo").click()
    expect(page.get_by_role("heading", name="Who is this?")).to_be_visible()
    drop(page, written(tmp_path, "again.png", portrait(0.6, (150, 20, 330, 250))))
    expect(answer(page).get_by_role("heading", name="It's Eileen")).to_be_visible()
    drop(page, written(tmp_path, "cup.png", photo("coffee.png")))
    expect(page.get_by_role("alert").filter(has_text="No face was found")).to_be_visible()
    assert "422" in trouble.pop()


def test_characters_are_recognised_from_one_picture_each(domains, page, tmp_path):
    make(page, "Drawings", "Marks")
    files = [written(tmp_path, f"{each}.png", reference_image(each)) for each in "AGKQRSW47"]
    add_all(page, *files)
    page.goto("/g/marks/identify/")
    drop(page, written(tmp_path, "asked.png", character_query("K")))
    expect(answer(page).get_by_role("heading", name="It's K")).to_be_visible()
    drop(page, written(tmp_path, "stranger.png", character_query(STRANGER)))
    expect(answer(page).get_by_role("heading", name="Not in this gallery")).to_be_visible()
