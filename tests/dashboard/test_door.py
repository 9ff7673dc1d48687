"""Door mode: a browser that recognises by its own key, and from which nothing else is reached."""

from __future__ import annotations

import pytest
from django.test import Client

from recognition.models import ApiKey, AuditEntry, Membership, Query
from recognition.services.api_keys.revoke_key import revoke_key
from tests.dashboard.page_text import text
from tests.photos import another_view, photo, upload

pytestmark = pytest.mark.django_db
ASK = "/g/pets/door/ask/"


@pytest.fixture
def door(cat, victors) -> Client:
    """The browser of a viewer who has made it a door."""
    locked = victors.post("/g/pets/door/lock/")
    assert locked.headers["Location"] == "/g/pets/door/"
    return victors


def ask(door: Client, data: bytes, **given: str):
    return door.post(ASK, {"image": upload(data), **given}, headers={"HX-Request": "true"})


def test_a_door_recognises_and_leaves_all_else_closed(door):
    shown = text(door.get("/g/pets/door/"))
    assert "Badge or name" in shown and "<nav" not in shown
    for path in ("/", "/g/pets/", "/g/pets/identify/", "/g/pets/queries/", "/g/pets/settings/"):
        assert door.get(path).headers["Location"].startswith("/login/")
    assert door.get("/g/other/door/").status_code == 401


def test_whoever_is_named_is_verified_and_logged_by_the_door(door, victor):
    assert 'class="glance match"' in text(ask(door, another_view("chelsea.png"), name="CAT"))
    assert 'class="glance no"' in text(ask(door, photo("rocket.jpg"), name="cat"))
    yes, no = Query.objects.order_by("id")
    assert (yes.kind, yes.outcome, no.outcome) == ("verification", "match", "unknown")
    assert yes.created_by == victor
    key = ApiKey.objects.get()
    assert {each.key for each in AuditEntry.objects.filter(deed="verify")} == {
        f"{key.name} ({key.prefix})"
    }


def test_nobody_named_is_identified_and_a_glance_is_not_kept(door):
    glanced = text(ask(door, another_view("chelsea.png"), glance="yes"))
    assert 'class="glance match"' in glanced and not Query.objects.exists()
    assert "Not in this gallery" in text(ask(door, photo("rocket.jpg")))
    assert Query.objects.get().kind == "identification"


def test_an_unknown_badge_is_refused_in_words(door):
    refused = ask(door, photo("rocket.jpg"), name="0815")
    assert refused.status_code == 404
    assert "Unknown badge" in text(refused) and "0815" in text(refused)


def test_a_door_ends_with_its_key_or_its_user(door, gallery, victor):
    revoke_key(key=ApiKey.objects.get())
    assert door.get("/g/pets/door/").status_code == 401
    assert ask(door, photo("rocket.jpg")).status_code == 401


def test_a_door_ends_when_its_user_is_no_member_any_more(door, victor):
    Membership.objects.filter(user=victor).delete()
    assert ask(door, photo("rocket.jpg")).status_code == 401


def test_leaving_forgets_the_door(door):
    assert door.post("/g/pets/door/leave/").status_code == 302
    assert door.get("/g/pets/door/").status_code == 401


def test_a_stranger_makes_no_door(cat, charlies):
    assert charlies.post("/g/pets/door/lock/").status_code == 404
    assert charlies.get("/g/pets/door/").status_code == 401
    assert not ApiKey.objects.exists()
