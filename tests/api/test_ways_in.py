"""Whatever takes an image takes it as a file, as the body, and as base64; whatever names a
category takes its external id."""

from __future__ import annotations

from base64 import b64encode

import pytest

from recognition.services.categories.create_category import create_category
from recognition.services.references.enrol import enrol
from tests.photos import another_view, photo, upload

pytestmark = pytest.mark.django_db
PETS = "/api/v1/galleries/pets/"
IMAGE = another_view("chelsea.png")
CALLS = {
    f"{PETS}references/": {"category": "C 7/a"},
    f"{PETS}identify/": {},
    f"{PETS}verify/": {"category": "C 7/a"},
    f"{PETS}search/": {"categories": "C 7/a"},
    "/api/v1/classify/": {"labels": "a cat"},
    "/api/v1/embed/": {},
}
LISTS = {"categories", "labels"}


@pytest.fixture(autouse=True)
def cat(gallery):
    made = create_category(gallery=gallery, name="Cat", slug="cat", external_id="C 7/a")
    enrol(gallery=gallery, category="cat", data=photo("chelsea.png"))
    return made


def by_multipart(client, url, fields):
    return client.post(url, {**fields, "image": upload(IMAGE)}, format="multipart")


def by_body(client, url, fields):
    query = {"QUERY_STRING": "&".join(f"{k}={v}" for k, v in fields.items()).replace(" ", "%20")}
    return client.generic("POST", url, IMAGE, content_type="image/jpeg", **query)


def by_base64(client, url, fields):
    typed = {name: [value] if name in LISTS else value for name, value in fields.items()}
    return client.post(url, {**typed, "image": b64encode(IMAGE).decode()})


def told(answer) -> dict:
    """The answer without what differs from one request to another."""
    differing = {"timings_ms", "query", "id", "created_at", "generation", "warnings"}
    return {name: value for name, value in answer.json().items() if name not in differing}


@pytest.mark.parametrize("url", CALLS)
def test_an_image_is_the_same_by_each_way(url, as_alice):
    answers = [send(as_alice, url, CALLS[url]) for send in (by_multipart, by_body, by_base64)]
    assert [answer.status_code for answer in answers] == [answers[0].status_code] * 3
    assert answers[0].status_code in {200, 201}, answers[0].json()
    if "search" not in url and "references" not in url:
        assert told(answers[0]) == told(answers[1]) == told(answers[2])


@pytest.mark.parametrize("url", CALLS)
def test_an_address_in_place_of_an_image_is_not_fetched(url, as_alice):
    body = {**CALLS[url], "image": "http://127.0.0.1/cat.jpg"}
    refused = as_alice.post(url, body)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_input")


def test_feedback_takes_an_external_id_and_so_does_an_address(cat, as_alice):
    query = by_base64(as_alice, f"{PETS}identify/", {}).json()["query"]
    said = {"verdict": "it_is", "category": "C 7/a"}
    feedback = as_alice.post(f"{PETS}queries/{query}/feedback/", said)
    assert feedback.json()["category"] == "cat"
    assert as_alice.get(f"{PETS}categories/C%207%2Fa/").json()["slug"] == "cat"


def test_an_external_id_belongs_to_one_category_and_one_reference(cat, as_alice):
    taken = as_alice.post(f"{PETS}categories/", {"name": "Dog", "external_id": "C 7/a"})
    assert (taken.status_code, taken.json()["code"]) == (409, "already_exists")
    shots = [
        by_multipart(as_alice, f"{PETS}references/", {"category": "cat", "external_id": "shot"})
        for _ in range(2)
    ]
    assert [shot.status_code for shot in shots] == [201, 409]
    found = as_alice.get(f"{PETS}references/", {"external_id": "shot"}).json()["results"]
    assert [each["id"] for each in found] == [shots[0].json()["id"]]
