from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from recognition.client import (
    AsyncClient,
    Client,
    Conflict,
    ConnectionFailed,
    InvalidInput,
    NotFound,
    Retries,
    ServiceFailed,
    TooManyRequests,
    UnexpectedAnswer,
)
from recognition.client.operation import Operation
from recognition.client.operations.categories import create_category
from recognition.client.operations.galleries import delete_gallery, get_gallery, update_gallery
from recognition.client.operations.recognition import embed
from recognition.client.operations.references import enrol
from tests.client.scripted_server import Answer, scripted_server
from tests.photos import FOLDER, photo

GALLERY = {
    "slug": "pets",
    "name": "Pets",
    "description": "",
    "target_far": 0.01,
    "review_references": False,
    "retention": {"query_days": None, "query_images": True},
    "encoder": {"name": "bundled", "fingerprint": "f"},
    "generation": 0,
    "categories": 0,
    "references": 0,
    "created_at": "2026-01-01T00:00:00Z",
}
ENROLLED = {
    "id": "r_1",
    "category": "cat",
    "state": "approved",
    "external_id": "",
    "width": 1,
    "height": 1,
    "sha256": "",
    "created_at": "2026-01-01T00:00:00Z",
    "generation": 1,
    "warnings": [],
}
OK = Answer(200, GALLERY)
SOON = Retries(most=2, first=0.01)

Send = Callable[..., Any]


def problem(status: int, code: str = "error", **headers: str) -> Answer:
    body = {"status": status, "code": code, "detail": "No.", "request_id": "abc"}
    return Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


def send(url: str, operation: Operation[Any], retries: Retries = SOON) -> Any:
    with Client(url, "key", retries=retries) as client:
        return client.send(operation)


def send_async(url: str, operation: Operation[Any], retries: Retries = SOON) -> Any:
    async def run() -> Any:
        async with AsyncClient(url, "key", retries=retries) as client:
            return await client.send(operation)

    return asyncio.run(run())


@pytest.fixture(params=[send, send_async], ids=["sync", "async"])
def sender(request: pytest.FixtureRequest) -> Send:
    return request.param


@pytest.mark.parametrize("status", [429, 503])
def test_the_services_own_wait_is_kept(status, sender):
    with scripted_server(problem(status, Retry_After="1"), OK) as server:
        assert sender(server.url, get_gallery("pets")).name == "Pets"
    first, second = server.requests
    assert 1 <= second.at - first.at < 2


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_passing_failure_is_tried_again(status, sender):
    with scripted_server(problem(status), Answer(status), OK) as server:
        assert sender(server.url, get_gallery("pets")).slug == "pets"
    assert len(server.requests) == 3


def test_a_connection_that_breaks_off_is_tried_again(sender):
    with scripted_server(Answer(0), OK) as server:
        assert sender(server.url, get_gallery("pets")).slug == "pets"


@pytest.mark.parametrize(
    ("status", "error"), [(429, TooManyRequests), (503, ServiceFailed), (0, ConnectionFailed)]
)
def test_in_the_end_it_gives_up(status, error, sender):
    answer = problem(status) if status else Answer(0)
    with scripted_server(*[answer] * 3) as server, pytest.raises(error) as raised:
        sender(server.url, get_gallery("pets"))
    assert len(server.requests) == 3
    assert raised.value.status == (status or None)


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, InvalidInput), (404, NotFound), (409, Conflict), (500, ServiceFailed)],
)
def test_a_lasting_failure_is_not_tried_again(status, error, sender):
    with scripted_server(problem(status, "some_code")) as server, pytest.raises(error) as raised:
        sender(server.url, get_gallery("pets"))
    assert len(server.requests) == 1
    assert (raised.value.code, raised.value.detail) == ("some_code", "No.")
    assert raised.value.request_id == "abc"


def test_a_wait_that_is_too_long_is_not_waited(sender):
    with scripted_server(problem(503, Retry_After="3600")) as server:
        with pytest.raises(ServiceFailed):
            sender(server.url, get_gallery("pets"))
        assert len(server.requests) == 1


def test_an_enrolment_sent_again_is_the_same_request(sender):
    operation = enrol("pets", FOLDER / "coffee.png", category="cat")
    with scripted_server(Answer(0), problem(503), Answer(201, ENROLLED)) as server:
        assert sender(server.url, operation).id == "r_1"
    assert len({request.headers["Idempotency-Key"] for request in server.requests}) == 1
    assert all(photo("coffee.png") in request.body for request in server.requests)


def test_two_calls_that_create_have_two_keys(sender):
    with scripted_server(*[problem(409, "already_exists")] * 2) as server:
        for _ in range(2):
            with pytest.raises(Conflict):
                sender(server.url, create_category("pets", "Cat"))
    assert len({request.headers["Idempotency-Key"] for request in server.requests}) == 2


def test_a_call_that_creates_nothing_has_no_key(sender):
    answer = {"embedding": [1.0], "encoder": GALLERY["encoder"]}
    with scripted_server(Answer(200, answer), OK) as server:
        assert sender(server.url, embed(text="a cat")).embedding == (1.0,)
        sender(server.url, update_gallery("pets", name="Cats"))
    assert not any("Idempotency-Key" in request.headers for request in server.requests)


def test_a_creation_that_still_runs_is_awaited(sender):
    running = problem(409, "idempotency_in_progress", Retry_After="0")
    with scripted_server(Answer(0), running, Answer(201, ENROLLED)) as server:
        assert sender(server.url, enrol("pets", b"image", category="cat")).id == "r_1"


@pytest.mark.parametrize("code", ["encoder_changed", "encoder_change_behind"])
def test_a_refusal_that_says_when_is_tried_again(code, sender):
    with scripted_server(problem(409, code, Retry_After="0"), OK) as server:
        assert sender(server.url, get_gallery("pets")).slug == "pets"
    assert len(server.requests) == 2


def test_what_a_lost_answer_had_deleted_is_deleted(sender):
    with scripted_server(Answer(0), problem(404, "gallery_not_found")) as server:
        assert sender(server.url, delete_gallery("pets")) is None


def test_what_was_never_there_cannot_be_deleted(sender):
    with scripted_server(problem(503), problem(404, "gallery_not_found")) as server:
        with pytest.raises(NotFound):
            sender(server.url, delete_gallery("pets"))
        assert len(server.requests) == 2


def test_nobody_listening_is_told_in_a_sentence(sender):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        with pytest.raises(ConnectionFailed, match=f"No answer from {url}"):
            sender(url, get_gallery("pets"))


@pytest.mark.parametrize(
    "url", ["localhost:8000", "ftp://localhost", "http://", "http://localhost:port"]
)
def test_an_address_that_is_none_is_told_at_once(url):
    with pytest.raises(ConnectionFailed, match="is no address"):
        Client(url)


@pytest.mark.parametrize("answer", [Answer(200), Answer(200, []), Answer(404, {"message": "no"})])
def test_another_service_is_recognised_as_such(answer, sender):
    with scripted_server(answer) as server, pytest.raises(UnexpectedAnswer):
        sender(server.url, get_gallery("pets"))


def test_fields_of_a_later_version_are_passed_over(sender):
    with scripted_server(Answer(200, GALLERY | {"colour": "red"})) as server:
        assert sender(server.url, get_gallery("pets")).slug == "pets"


@pytest.mark.parametrize("change", [{"generation": "many"}, {"encoder": None}, {"created_at": ""}])
def test_a_field_of_another_type_is_named(change, sender):
    with (
        scripted_server(Answer(200, GALLERY | change)) as server,
        pytest.raises(UnexpectedAnswer),
    ):
        sender(server.url, get_gallery("pets"))


def test_the_key_stays_with_the_service_that_it_belongs_to():
    elsewhere = "https://elsewhere.example/api/v1/galleries/?cursor=abc"
    first = Answer(200, {"next": elsewhere, "results": [GALLERY]})
    last = Answer(200, {"next": None, "results": [GALLERY]})
    with scripted_server(first, last) as server, Client(server.url, "key") as client:
        assert len(list(client.list_galleries(page_size=1))) == 2
    assert server.requests[1].path == "/api/v1/galleries/?page_size=1&cursor=abc"


def test_the_backoff_doubles_up_to_its_longest():
    retries = Retries(most=5, first=1, longest=4)
    for retry, ceiling in [(1, 1), (2, 2), (3, 4), (4, 4), (5, 4)]:
        waits = [retries.after(retry, None) or 0.0 for _ in range(500)]
        assert 0 <= min(waits) < 0.1 * ceiling
        assert 0.9 * ceiling < max(waits) <= ceiling
    assert retries.after(6, None) is None


def test_a_wait_may_be_a_date():
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    asked = httpx.Response(503, headers={"Retry-After": later})
    assert 28 < (Retries().after(1, asked) or 0) <= 30


def test_a_wait_that_says_nothing_is_the_backoff():
    asked = httpx.Response(503, headers={"Retry-After": "soon"})
    assert (Retries(first=0.5).after(1, asked) or 0) <= 0.5
