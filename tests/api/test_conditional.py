from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from rest_framework.test import APIClient

from recognition.models import Category
from recognition.services.galleries.create_gallery import create_gallery

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


def test_a_refused_change_changes_nothing(cat, gallery, as_alice):
    as_alice.post(URL, {"name": "Dog", "external_id": "7"})
    clash = {"name": "Felines", "external_id": "7"}
    refused = as_alice.patch(f"{URL}cat/", clash, HTTP_IF_MATCH=cat)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_exists")
    assert as_alice.get(f"{URL}cat/")["ETag"] == cat


@pytest.mark.django_db(transaction=True)
def test_of_changes_to_the_same_version_one_is_made(models_dir, alice):
    create_gallery(name="Pets", slug="pets", owner=alice)
    clients = [APIClient() for _ in range(6)]
    for client in clients:
        client.force_authenticate(alice)
    clients[0].post(URL, {"name": "Cat"})
    seen = clients[0].get(f"{URL}cat/")["ETag"]

    def change(number: int) -> int:
        body = {"name": f"Cat {number}"}
        try:
            answer = clients[number].patch(f"{URL}cat/", body, HTTP_IF_MATCH=seen)
            return answer.status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clients)) as pool:
        statuses = list(pool.map(change, range(len(clients))))
    assert sorted(statuses) == [200, *[412] * (len(clients) - 1)]
    assert Category.objects.get().name == f"Cat {statuses.index(200)}"
