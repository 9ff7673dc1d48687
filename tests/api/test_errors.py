"""Every error has the one shape, whatever went wrong and wherever."""

from __future__ import annotations

import pytest

from recognition.api.v1 import galleries
from recognition.core.errors import IndexUnavailable

pytestmark = pytest.mark.django_db
GALLERIES = "/api/v1/galleries/"


def crash(*args: object, **kwargs: object) -> None:
    raise RuntimeError("a secret detail")


def refuse(*args: object, **kwargs: object) -> None:
    raise IndexUnavailable("The index is being rebuilt.")


PROBLEMS = {
    400: lambda client: client.post(GALLERIES, {}),
    404: lambda client: client.get("/api/v1/nowhere/"),
    405: lambda client: client.put(GALLERIES, {}),
    406: lambda client: client.get(GALLERIES, HTTP_ACCEPT="text/html"),
    409: lambda client: [client.post(GALLERIES, {"name": "x", "slug": "x"}) for _ in "ab"][1],
    412: lambda client: client.patch(f"{GALLERIES}pets/", {}, HTTP_IF_MATCH='"old"'),
    413: lambda client: client.post("/api/v1/embed/", bytes(15_000_001), content_type="image/jpeg"),
    415: lambda client: client.post(GALLERIES, "name=x", content_type="text/plain"),
}


def assert_problem(answer, status: int) -> dict:
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"].endswith(".")
    assert problem["code"].replace("_", "").isalpha()
    assert problem["request_id"] == answer["X-Request-ID"]
    return problem


@pytest.mark.parametrize("status", PROBLEMS)
def test_an_error_has_the_one_shape(status, gallery, as_alice):
    assert_problem(PROBLEMS[status](as_alice), status)


def test_a_refusal_without_a_key_has_the_one_shape(as_nobody):
    assert_problem(as_nobody.get(GALLERIES), 401)


def test_too_many_requests_have_the_one_shape(as_alice, settings):
    settings.RECOGNITION = {**settings.RECOGNITION, "rate_per_caller": "1/min"}
    as_alice.get(GALLERIES)
    assert_problem(as_alice.get(GALLERIES), 429)


def test_a_crash_has_the_one_shape_and_tells_no_secrets(as_alice, monkeypatch):
    monkeypatch.setattr(galleries, "create_gallery", crash)
    answer = as_alice.post(GALLERIES, {"name": "x"})
    assert_problem(answer, 500)
    assert b"secret" not in answer.content


def test_what_may_work_later_says_when(as_alice, monkeypatch):
    monkeypatch.setattr(galleries, "create_gallery", refuse)
    answer = as_alice.post(GALLERIES, {"name": "x"})
    assert assert_problem(answer, 503)["code"] == "index_unavailable"
    assert int(answer["Retry-After"]) > 0


def test_a_caller_may_name_the_request(as_alice):
    name = "8c1f0cf6-3a8e-4d2e-9a63-0f7b3a1f2f11"
    assert as_alice.get(GALLERIES, HTTP_X_REQUEST_ID=name)["X-Request-ID"] == name
