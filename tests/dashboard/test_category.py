"""What a category's page and a gallery's grid tell of it."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageFilter

from recognition.models import Category
from recognition.services.categories.create_category import create_category
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from tests.dashboard.page_text import text
from tests.photos import another_view, photo, upload

HTMX = {"HX-Request": "true"}


def test_a_prompt_shows_what_it_matches_before_it_is_saved(cat, alices, victors):
    url = "/g/pets/c/cat/preview/"
    assert cat.public_id in text(alices.get(url, {"text": "a tabby cat"}))
    assert text(alices.get(url, {"text": " "})) == ""
    assert victors.get(url, {"text": "a tabby cat"}).status_code == 403


def test_a_category_tells_what_was_taken_for_it(cat, gallery, alice, alices):
    query = identify(gallery=gallery, data=another_view("chelsea.png"), user=alice).query
    assert query.public_id in text(alices.get("/g/pets/c/cat/"))


def test_a_category_is_renamed_and_keeps_its_address(cat, alices, victors):
    assert victors.post("/g/pets/c/cat/rename/", {"name": "Dog"}).status_code == 403
    renamed = alices.post("/g/pets/c/cat/rename/", {"name": "Chelsea"}, follow=True)
    assert "<h1>Chelsea</h1>" in text(renamed)


def test_two_categories_with_one_photo_are_told_to_collide(cat, gallery, alices):
    enrol(gallery=gallery, category="twin", data=photo("chelsea.png"), create=True)
    for number, name in enumerate(("coffee.png", "coins.png", "rocket.jpg", "moon.png")):
        enrol(gallery=gallery, category=f"other-{number}", data=photo(name), create=True)
    assert "looks so much like “twin”" in text(alices.get("/g/pets/c/cat/health/"))
    assert "like twin" in text(alices.get("/g/pets/health/"))


def test_a_photo_of_poor_quality_is_pointed_out(cat, gallery, alices):
    buffer = BytesIO()
    with Image.open(BytesIO(photo("coffee.png"))) as sharp:
        sharp.filter(ImageFilter.GaussianBlur(12)).save(buffer, "JPEG")
    blurred = enrol(gallery=gallery, category="cat", data=buffer.getvalue()).reference
    told = text(alices.get("/g/pets/c/cat/health/"))
    assert "The image is blurred" in told
    assert blurred.public_id in told and cat.public_id not in told


@pytest.mark.parametrize(
    ("kind", "seen"),
    [("zero-shot", "Rocket"), ("one", "cat"), ("several", "cup"), ("empty", "Nothing yet")],
)
def test_categories_are_sifted_by_what_they_have(kind, seen, cat, gallery, alices):
    create_category(gallery=gallery, name="Rocket", prompts=["a rocket on its launch pad"])
    create_category(gallery=gallery, name="Nothing yet")
    for data in (photo("coffee.png"), another_view("coffee.png")):
        enrol(gallery=gallery, category="cup", data=data, create=True)
    headings = text(alices.get("/g/pets/", {"kind": kind}, headers=HTMX)).split("<h2>")[1:]
    assert [heading.split("</h2>")[0] for heading in headings] == [seen]


def test_the_newest_come_first_where_that_is_asked_for(cat, gallery, alices):
    create_category(gallery=gallery, name="Zebra")
    shown = text(alices.get("/g/pets/?sort=newest"))
    assert shown.index("<h2>Zebra") < shown.index("<h2>cat")


@pytest.mark.parametrize("path", ["", "health/", "c/cat/health/", "c/cat/preview/?text=cat"])
def test_a_stranger_is_told_nothing(path, cat, charlies):
    assert charlies.get(f"/g/pets/{path}").status_code == 404


def test_a_name_that_is_there_is_asked_about_before_anything_is_added(cat, gallery, alices):
    given = {"name": "CAT", "image": upload(photo("coffee.png"))}
    asked = alices.post("/g/pets/add/", given, headers=HTMX)
    assert "Add to cat" in text(asked) and "No, add as CAT (2)" in text(asked)
    assert asked.headers["HX-Retarget"] == "find .which"
    assert gallery.categories.count() == 1 and cat.category.references.count() == 1


@pytest.mark.parametrize(
    ("choice", "counts"), [("same", {"cat": 2}), ("another", {"cat": 1, "Cat (2)": 1})]
)
def test_the_photo_goes_where_its_sender_says(cat, gallery, alices, choice, counts):
    given = {"name": "Cat", "namesake": choice, "image": upload(photo("coffee.png"))}
    told = text(alices.post("/g/pets/add/", given, headers=HTMX))
    assert ("afterbegin:#tiles" in told) == (choice == "another")
    assert {each.name: each.references.count() for each in gallery.categories.all()} == counts


def test_the_same_of_words_and_without_scripts(cat, gallery, alices):
    given = {"name": " cat ", "description": "a tabby cat"}
    assert "Is this the same?" in text(alices.post("/g/pets/add/", given))
    alices.post("/g/pets/add/", given | {"namesake": "same"})
    assert [each.text for each in cat.category.prompts.all()] == ["a tabby cat"]
    alices.post("/g/pets/add/", given | {"namesake": "another"})
    assert {each.name for each in gallery.categories.all()} == {"cat", "cat (2)"}


@pytest.fixture
def twin(cat, gallery) -> Category:
    """What a migration leaves of a second category of the same name."""
    made = create_category(gallery=gallery, name="cat (2)", prompts=["a tabby"])
    Category.objects.filter(pk=made.pk).update(twin_of=cat.category)
    return made


def test_a_curator_merges_what_once_had_the_same_name(cat, twin, gallery, alices, victors):
    assert "with the same name" in text(alices.get("/g/pets/"))
    assert "with the same name" not in text(victors.get("/g/pets/"))
    url = f"/g/pets/c/{twin.slug}/twin/"
    assert victors.post(url, {"is": "same"}).status_code == 403
    page = text(alices.post(url, {"is": "same"}, follow=True))
    assert "with the same name" not in page
    assert [each.name for each in gallery.categories.all()] == ["cat"]
    assert [each.text for each in cat.category.prompts.all()] == ["a tabby"]


def test_a_curator_says_that_they_differ(cat, twin, gallery, alices):
    page = text(alices.post(f"/g/pets/c/{twin.slug}/twin/", {"is": "another"}, follow=True))
    assert "with the same name" not in page
    assert gallery.categories.count() == 2


def test_a_photo_is_checked_before_it_is_added(cat, gallery, alices, victors):
    def told(client, data: bytes):
        return client.post("/g/pets/add/check/", {"image": upload(data)}, headers=HTMX)

    assert "already a reference of" in text(told(alices, photo("chelsea.png")))
    assert "Photo is fine" in text(told(alices, photo("coffee.png")))
    assert told(alices, b"no image").status_code == 415
    assert told(victors, photo("coffee.png")).status_code == 403
    assert gallery.references.count() == 1
