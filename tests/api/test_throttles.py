from __future__ import annotations

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from recognition.services.api_keys.issue_key import issue_key

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/"


@pytest.fixture(autouse=True)
def few_requests(settings):
    settings.RECOGNITION = {
        **settings.RECOGNITION,
        "rate_per_caller": "3/min",
        "rate_per_address": "2/min",
    }
    cache.clear()


def test_a_caller_is_told_what_is_left(as_alice):
    answers = [as_alice.get(URL) for _ in range(3)]
    assert answers[0]["RateLimit-Policy"] == '"caller";q=3;w=60'
    assert [answer["RateLimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0"]


def test_too_many_requests_are_refused_with_a_time_to_wait(as_alice, as_charlie):
    for _ in range(3):
        as_alice.get(URL)
    refused = as_alice.get(URL)
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert 0 < int(refused["Retry-After"]) <= 61
    assert refused["RateLimit"].startswith('"caller";r=0')
    assert as_charlie.get(URL).status_code == 200


@pytest.mark.parametrize("header", [{}, {"HTTP_AUTHORIZATION": "Bearer guess.guess"}])
def test_guessing_counts_against_the_address(header):
    client = APIClient()
    statuses = [client.get(URL, **header).status_code for _ in range(3)]
    assert statuses == [401, 401, 429]


def test_all_keys_of_a_user_are_counted_together(alice, as_alice, bob):
    first, second = (client_with_key(alice) for _ in range(2))
    assert [each.get(URL).status_code for each in (first, second, as_alice)] == [200] * 3
    assert [each.get(URL).status_code for each in (first, second, as_alice)] == [429] * 3
    assert client_with_key(bob).get(URL).status_code == 200


def guesses() -> list[int]:
    """The answers to guesses that claim another address each."""
    client = APIClient()
    claims = (f"203.0.113.{number}" for number in range(3))
    return [client.get(URL, HTTP_X_FORWARDED_FOR=claim).status_code for claim in claims]


def test_an_address_is_not_believed_that_anybody_may_claim(db):
    assert guesses() == [401, 401, 429]


def test_a_proxy_that_the_operator_knows_of_is_believed(db, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    assert guesses() == [401, 401, 401]


def client_with_key(user) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_key(user=user, name='x')[1]}")
    return client


def test_a_cache_that_does_not_answer_keeps_nobody_out(as_alice, settings, caplog):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert [as_alice.get(URL).status_code for _ in range(4)] == [200] * 4
    assert "the cache does not answer" in caplog.text
