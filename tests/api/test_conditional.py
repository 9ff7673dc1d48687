from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/pets/categories/"


@pytest.fixture
def cat(gallery, as_alice) -> str:
    as_alice.post(URL, {"name": "Cat"})
    return as_alice.get(f"{URL}cat/")["ETag"]


def test_what_has_not_changed_is_not_sent_again(cat, as_alice):
    again = as_alice.get(f"{URL}cat/", HTTP_IF_NONE_MATCH=cat)
    assert (again.status_code, again.content) == (304, b"")


def test_a_change_to_what_was_last_seen_is_made(cat, as_alice):
    changed = as_alice.patch(f"{URL}cat/", {"name": "Cats"}, HTTP_IF_MATCH=cat)
    assert changed.status_code == 200
    assert as_alice.get(f"{URL}cat/")["ETag"] != cat


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_change_to_what_has_changed_meanwhile_is_refused(method, cat, as_alice):
    as_alice.patch(f"{URL}cat/", {"name": "Cats"})
    refused = getattr(as_alice, method)(f"{URL}cat/", {"name": "Felines"}, HTTP_IF_MATCH=cat)
    assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed")
    assert as_alice.get(f"{URL}cat/").json()["name"] == "Cats"


def test_any_version_will_do_if_the_caller_says_so(cat, as_alice):
    assert as_alice.delete(f"{URL}cat/", HTTP_IF_MATCH="*").status_code == 204
