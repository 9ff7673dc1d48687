"""The browser is no way round the limit of requests."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from recognition.models import Query
from tests.dashboard.page_text import text
from tests.photos import photo, upload

ASKING = ("identify/", "glance/", "verify/", "search/", "c/cat/glance/")
PARTLY = {"headers": {"HX-Request": "true"}}


@pytest.fixture(autouse=True)
def two_requests(settings):
    settings.RECOGNITION = {**settings.RECOGNITION, "rate_per_caller": "2/min"}
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize("asking", ASKING)
def test_what_is_sent_too_often_is_refused_and_nothing_is_done(cat, alices, asking):
    def answer():
        given = {"image": upload(photo("chelsea.png")), "category": "cat"}
        return alices.post(f"/g/pets/{asking}", given, **PARTLY)

    answers = [answer() for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "No more than 2 requests are taken in 60 seconds" in text(answers[-1])
    assert Query.objects.count() == (2 if asking in {"identify/", "verify/"} else 0)


@pytest.mark.parametrize("page", ["search/", "c/cat/preview/"])
def test_searches_for_words_count_and_pages_do_not(cat, alices, page):
    def status(words: str) -> int:
        return alices.get(f"/g/pets/{page}", {"text": words}, **PARTLY).status_code

    assert [status("") for _ in range(4)] == [200] * 4
    assert [status("a cat") for _ in range(3)] == [200, 200, 429]
    assert alices.get("/g/pets/").status_code == 200


def test_browser_and_api_are_counted_together_and_users_apart(cat, alices, as_alice, victors):
    as_alice.get("/api/v1/galleries/")
    as_alice.get("/api/v1/galleries/")
    statuses = [
        client.post("/g/pets/glance/", {"image": upload(photo("chelsea.png"))}).status_code
        for client in (alices, victors)
    ]
    assert statuses == [429, 200]


def test_a_refusal_of_a_whole_page_is_a_page(cat, alices):
    for _ in range(3):
        refused = alices.post("/g/pets/identify/", {"image": upload(photo("chelsea.png"))})
    assert refused.status_code == 429
    assert "<h1>Too many requests</h1>" in text(refused)
    assert 0 < int(refused["Retry-After"]) <= 60
