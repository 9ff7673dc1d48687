"""A camera that looks on, at a desk and at a door: it answers, and nothing of it is kept."""

from __future__ import annotations

import json

from recognition.core.types import Domain
from recognition.models import Query
from recognition.services.categories.create_category import create_category
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.references.enrol import enrol
from tests.dashboard.page_text import text
from tests.photos import another_view, photo, portrait, upload


def test_a_glance_is_answered_and_not_kept(cat, victors):
    seen = victors.post("/g/pets/glance/", {"image": upload(another_view("chelsea.png"))})
    assert "cat" in text(seen)
    assert json.loads(seen["HX-Trigger"]) == {"announce": {"value": "It is cat."}}
    assert not Query.objects.exists()


def test_a_door_accepts_what_is_claimed_and_rejects_the_rest(cat, victors):
    door = text(victors.get("/g/pets/c/cat/kiosk/"))
    assert "/g/pets/c/cat/glance/" in door and "<nav" not in door
    accepted = victors.post("/g/pets/c/cat/glance/", {"image": upload(another_view("chelsea.png"))})
    rejected = victors.post("/g/pets/c/cat/glance/", {"image": upload(photo("rocket.jpg"))})
    assert 'class="glance match"' in text(accepted)
    assert 'class="glance no"' in text(rejected)


def test_a_door_without_a_claim_says_what_it_is(cat, victors):
    assert "/g/pets/glance/" in text(victors.get("/g/pets/kiosk/"))


def test_a_stranger_has_no_door(cat, charlies):
    for url in ("/g/pets/kiosk/", "/g/pets/c/cat/kiosk/"):
        assert charlies.get(url).status_code == 404
    given = {"image": upload(photo("chelsea.png"))}
    for url in ("/g/pets/glance/", "/g/pets/c/cat/glance/"):
        assert charlies.post(url, given).status_code == 404


def test_a_verification_lies_on_a_scale_of_false_accepts(cat, alices):
    given = {"category": "cat", "image": upload(another_view("chelsea.png"))}
    shown = text(alices.post("/g/pets/verify/", given))
    assert all(f"{share} %</text>" in shown for share in ("10", "1", "0.1"))
    assert "Reference: cat" in shown


def test_an_answer_tells_how_far_the_next_candidate_is(cat, gallery, alices):
    create_category(gallery=gallery, name="Rocket", prompts=["a rocket on its launch pad"])
    given = {"image": upload(another_view("chelsea.png"))}
    assert "above Rocket, the next" in text(alices.post("/g/pets/identify/", given))


def test_a_camera_that_sees_nobody_says_so_and_looks_on(domains, alice, alices):
    people = create_gallery(name="People", owner=alice, domain=Domain.FACES)
    enrol(gallery=people, category="Eileen", data=portrait(), create=True)
    for url in ("/g/people/glance/", "/g/people/c/eileen/glance/"):
        seen = alices.post(url, {"image": upload(photo("coffee.png"))})
        assert seen.status_code == 200
        assert "No face is in view" in text(seen)
    found = alices.post("/g/people/glance/", {"image": upload(portrait(0.7))})
    assert "Eileen" in text(found)
    assert not people.queries.exists()
