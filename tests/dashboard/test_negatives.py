"""Photos of things that are not in a gallery, on its page."""

from __future__ import annotations

import pytest

from recognition.models import Negative
from recognition.services.references.enrol import enrol
from tests.dashboard.page_text import text
from tests.photos import photo, upload

HTMX = {"HX-Request": "true"}
URL = "/g/pets/negatives/"
TITLE = "Photos of other things"


@pytest.fixture
def pets(cat, gallery):
    enrol(gallery=gallery, category="cup", data=photo("coffee.png"), create=True)
    return gallery


def drop(browser, photos: dict[str, bytes], **fields):
    files = [upload(data, name) for name, data in photos.items()]
    return browser.post(URL, {"image": files, **fields}, headers=HTMX)


def test_curators_see_where_to_drop_them_and_viewers_do_not(pets, alices, victors):
    assert TITLE in text(alices.get("/g/pets/"))
    assert TITLE not in text(victors.get("/g/pets/"))
    assert victors.get(f"{URL}effect/").status_code == 403
    assert drop(victors, {"x.jpg": photo("rocket.jpg")}).status_code == 403


def test_several_are_dropped_at_once_and_what_became_of_each_is_told(pets, alices):
    look = photo("chelsea.png")
    told = text(drop(alices, {"rocket.jpg": photo("rocket.jpg"), "me.jpg": look, "no.jpg": b"no"}))
    assert "1 photo kept. 1 may show something enrolled. 1 could not be used." in told
    assert "<b>me.jpg</b> looks like" in told
    assert "<b>no.jpg</b>:" in told
    kept = Negative.objects.get()
    shown = alices.get(f"{URL}{kept.public_id}/thumbnail")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert "1 photo kept." in text(drop(alices, {"me.jpg": look}, force="yes"))


def test_the_page_says_what_they_do_by_a_measurement(pets, alices):
    assert "0 photos" in text(alices.get(f"{URL}effect/"))
    drop(alices, {name: photo(name) for name in ("rocket.jpg", "coins.png", "moon.png")})
    told = text(alices.get(f"{URL}effect/"))
    assert "3 photos of other things. They make matches easier to prove" in told
    before, after = told.split("margin is ")[1].split(" times"), told.split("instead of ")[1]
    assert 1 < float(before[0]) < float(after.split(" times")[0])


def test_they_are_removed_one_by_one_and_all(pets, alices, victors):
    drop(alices, {name: photo(name) for name in ("rocket.jpg", "coins.png", "moon.png")})
    first = Negative.objects.first()
    address = f"{URL}{first.public_id}/remove/"
    assert victors.post(address).status_code == 403
    assert alices.post(address, headers=HTMX).status_code == 200
    assert alices.get(f"{URL}{first.public_id}/thumbnail").status_code == 404
    assert Negative.objects.count() == 2
    cleared = alices.post(f"{URL}clear/", follow=True)
    assert "2 photos were removed." in text(cleared)
    assert not Negative.objects.exists()


def test_many_are_folded_away_and_come_page_by_page(pets, alices):
    Negative.objects.bulk_create(
        Negative(
            gallery=pets,
            image="i.webp",
            thumbnail="t.webp",
            width=9,
            height=9,
            sha256=str(number),
        )
        for number in range(61)
    )
    page = text(alices.get("/g/pets/"))
    section = page[page.index('id="negatives"') :]
    assert "<details>" in section[:300]
    assert section.count("Other thing, added on") == 60
    assert text(alices.get(f"{URL}?page=2", headers=HTMX)).count("Other thing, added on") == 1
