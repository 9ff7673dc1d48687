from __future__ import annotations

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

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
