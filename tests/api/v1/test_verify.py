from __future__ import annotations

import pytest

from tests.photos import another_view, photo, upload

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/pets/"


@pytest.fixture
def enrolled(gallery, as_alice) -> None:
    for category, file in [("cat", "chelsea.png"), ("coffee", "coffee.png"), ("moon", "moon.png")]:
        given = {"category": category, "image": upload(photo(file)), "create": "true"}
        assert as_alice.post(f"{URL}references/", given, format="multipart").status_code == 201


def verify(client, category: str, data: bytes, **more):
    given = {"category": category, "image": upload(data), **more}
    return client.post(f"{URL}verify/", given, format="multipart")


def test_a_true_claim_is_accepted_and_a_false_one_is_not(enrolled, as_alice):
    true = verify(as_alice, "cat", another_view("chelsea.png")).json()
    false = verify(as_alice, "cat", another_view("coffee.png")).json()
    assert (true["accepted"], false["accepted"]) == (True, False)
    assert true["score"] >= true["threshold"]["score"] > false["score"]
    assert true["threshold"]["target_far"] == 0.1
    assert true["category"] == false["category"] == "cat"


def test_a_stricter_rate_asks_for_more(enrolled, as_alice):
    thresholds = [
        verify(as_alice, "cat", photo("coffee.png"), far=far).json()["threshold"]["score"]
        for far in (0.1, 0.01, 0.001)
    ]
    assert thresholds == sorted(thresholds)
    assert len(set(thresholds)) == 3


def test_identification_asks_for_more_than_verification(enrolled, as_alice):
    given = {"image": upload(another_view("chelsea.png"))}
    identified = as_alice.post(f"{URL}identify/", given, format="multipart").json()
    verified = verify(as_alice, "cat", another_view("chelsea.png")).json()
    assert identified["threshold"]["score"] > verified["threshold"]["score"]


@pytest.mark.parametrize(
    ("category", "more", "status", "code"),
    [
        ("dog", {}, 404, "category_not_found"),
        ("empty", {}, 409, "category_empty"),
        ("cat", {"far": "0"}, 400, "invalid_input"),
        ("cat", {"far": "0.9"}, 400, "invalid_input"),
        ("cat", {"far": "nan"}, 400, "invalid_input"),
    ],
)
def test_a_claim_that_makes_no_sense_is_refused(category, more, status, code, enrolled, as_alice):
    as_alice.post(f"{URL}categories/", {"name": "Empty"})
    refused = verify(as_alice, category, photo("coffee.png"), **more)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_what_was_not_this_is_less_so_the_next_time(enrolled, as_alice):
    look = another_view("chelsea.png")
    given = {"image": upload(look)}
    before = as_alice.post(f"{URL}identify/", given, format="multipart").json()
    as_alice.post(f"{URL}queries/{before['query']}/feedback/", {"verdict": "not_this"})
    given = {"image": upload(look)}
    after = as_alice.post(f"{URL}identify/", given, format="multipart").json()
    assert before["category"] == "cat"
    assert after["candidates"][0]["score"] < before["candidates"][0]["score"]
    assert after["category"] is None
