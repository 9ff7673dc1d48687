from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from recognition.api.urls import urlpatterns
from recognition.api.v1 import categories
from recognition.models import (
    Category,
    Delivery,
    EncoderChange,
    Evaluation,
    Feedback,
    Gallery,
    IdempotentRequest,
    Job,
    Prompt,
    Query,
    Reference,
    Webhook,
)
from recognition.services import idempotency
from recognition.services.categories.text_warnings import Described, create_described
from recognition.services.idempotency import forget_old_requests
from tests.api.test_isolation import ROWS, address, encoded, things  # noqa: F401
from tests.conftest import client_of
from tests.photos import photo, upload

URL = "/api/v1/galleries/pets/"
POSTS = sorted(name for name, method in ROWS if method == "POST")
THINGS = (
    Gallery,
    Category,
    Reference,
    Prompt,
    Query,
    Feedback,
    Job,
    Evaluation,
    Webhook,
    Delivery,
    EncoderChange,
)
"""What a POST may create, as callers see it."""
CREATING = {
    "categories",
    "evaluations",
    "feedback",
    "galleries",
    "gallery-import",
    "identify",
    "imports",
    "references",
    "verify",
    "webhook-test",
    "webhooks",
}


def create(client, key: str, **given):
    return client.post(f"{URL}categories/", {"name": "Cat", **given}, HTTP_IDEMPOTENCY_KEY=key)


@pytest.mark.django_db
def test_a_request_sent_again_gets_the_first_answer(gallery, as_alice):
    first, again = create(as_alice, "k1"), create(as_alice, "k1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert Category.objects.count() == 1
    assert create(as_alice, "k2", name="Dog").json()["slug"] == "dog"


@pytest.mark.django_db
def test_an_upload_sent_again_is_enrolled_once(gallery, as_alice):
    answers = [
        as_alice.post(
            f"{URL}references/",
            {"category": "cat", "create": "true", "image": upload(photo("chelsea.png"))},
            format="multipart",
            HTTP_IDEMPOTENCY_KEY="k1",
        ).json()
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert Reference.objects.count() == 1


@pytest.mark.django_db
def test_a_key_belongs_to_one_request(gallery, as_alice):
    create(as_alice, "k1")
    refused = create(as_alice, "k1", name="Dog")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.django_db
def test_a_key_belongs_to_one_caller(gallery, bob, as_alice):
    create(as_alice, "k1")
    assert create(client_of(bob), "k1", name="Dog").json()["slug"] == "dog"


@pytest.mark.django_db
def test_a_request_that_failed_may_be_sent_again(gallery, as_alice):
    assert create(as_alice, "k1", slug="not a slug").status_code == 400
    assert not IdempotentRequest.objects.exists()
    assert create(as_alice, "k1").status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_has_a_sensible_length(key, gallery, as_alice):
    assert create(as_alice, key).json()["code"] == "invalid_input"


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_time_create_once(gallery, alice):
    def send(_: int):
        try:
            return create(client_of(alice), "k1", prompts=["a cat", "a kitten"])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert Category.objects.count() == 1


@pytest.mark.django_db
def test_a_key_whose_process_died_is_free_again(gallery, alice, as_alice):
    create(as_alice, "k1")
    row = IdempotentRequest.objects.filter(key=idempotency.key_of("session", "k1"))
    row.update(status=None, answer=None, started_at=timezone.now() - timedelta(minutes=6))
    Category.objects.all().delete()
    assert create(as_alice, "k1").status_code == 201
    assert Category.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_request_that_takes_its_time_is_not_taken_for_dead(gallery, alice, monkeypatch):
    monkeypatch.setattr(idempotency, "ABANDONED", timedelta(seconds=2))
    calls: list[str] = []

    def slowly(**given) -> Described:
        calls.append(given["name"])
        time.sleep(3)
        return create_described(**given)

    monkeypatch.setattr(categories, "create_described", slowly)

    def send(delay: float):
        time.sleep(delay)
        try:
            return create(client_of(alice), "k1")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, again = pool.map(send, (0, 0.5))
    assert calls == ["Cat"]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()


@pytest.mark.django_db
@pytest.mark.parametrize("status", [201, 500])
def test_a_request_that_was_overtaken_leaves_the_next_ones_answer_alone(status, alice):
    def begin() -> IdempotentRequest:
        return idempotency.begin(user=alice, key="k1", digest="d")

    slow = begin()
    IdempotentRequest.objects.update(started_at=timezone.now() - timedelta(minutes=6))
    quick = begin()
    idempotency.finish(quick, status=201, answer="the second's")
    idempotency.finish(slow, status=status, answer="the first's")
    assert begin().answer == "the second's"


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_kept_also_when_its_request_took_its_time(alice, monkeypatch):
    monkeypatch.setattr(idempotency, "ABANDONED", timedelta(seconds=0.2))
    begun = idempotency.begin(user=alice, key="k1", digest="d")
    with idempotency.still_running(begun):
        deadline = time.monotonic() + 20
        while IdempotentRequest.objects.get().started_at == begun.started_at:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    idempotency.finish(begun, status=201, answer="made")
    assert idempotency.begin(user=alice, key="k1", digest="d").answer == "made"


@pytest.mark.django_db
def test_old_keys_are_forgotten(gallery, as_alice):
    create(as_alice, "old")
    create(as_alice, "new", name="Dog")
    old = timezone.now() - timedelta(days=2)
    IdempotentRequest.objects.filter(key=idempotency.key_of("session", "old")).update(
        started_at=old
    )
    assert forget_old_requests() == 1
    assert IdempotentRequest.objects.get().key == idempotency.key_of("session", "new")


def there_are() -> list[int]:
    return [model.objects.count() for model in THINGS]


@pytest.mark.django_db
def test_whatever_creates_does_so_once_for_a_key(things, as_alice):  # noqa: F811
    """Of all addresses: a new one that creates something and takes no key fails here."""
    creating, twice = set(), {}
    for name in POSTS:
        url, body = address(name, things), encoded(ROWS[name, "POST"])
        headers = {"HTTP_IDEMPOTENCY_KEY": name, "HTTP_ACCEPT": "application/json"}
        with transaction.atomic():
            before = there_are()
            first = as_alice.generic("POST", url, *body, **headers)
            made = there_are()
            if any(after > earlier for after, earlier in zip(made, before, strict=True)):
                creating.add(name)
                again = as_alice.generic("POST", url, *body, **headers)
                same = (
                    again.json() == told_again(first.json())
                    and again.status_code == first.status_code
                )
                located = again.get("Location") == first.get("Location")
                replayed = again.get("Idempotent-Replayed") == "true"
                if not (same and located and replayed and there_are() == made):
                    twice[name] = again.status_code, again.content[:200]
            transaction.set_rollback(True)
    assert twice == {}
    assert creating == CREATING


def told_again(answer: dict[str, object]) -> dict[str, object]:
    """A secret is told once."""
    return answer | {"secret": ""} if "secret" in answer else answer


def test_every_list_that_is_added_to_takes_a_key():
    """Also those that refuse what the test above sends."""
    views = {each.name: each.callback.view_class for each in urlpatterns}
    lists = {name for name in POSTS if hasattr(views[name], "get")}
    assert lists > {"categories", "encoder-changes"}
    assert [name for name in lists if not hasattr(views[name].post, "idempotent")] == []
