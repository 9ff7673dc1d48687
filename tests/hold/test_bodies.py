"""Bodies of text are bounded before they are parsed, and lists before their items are looked at."""

from __future__ import annotations

import json

import pytest
from rest_framework import serializers

from recognition.api.inputs import Text
from tests.photos import photo

URL = "/api/v1/galleries/pets/"
PLAIN = [f"{URL}categories/", f"{URL}webhooks/", "/api/v1/galleries/", f"{URL}evaluations/"]
IMAGES = [f"{URL}identify/", f"{URL}search/", "/api/v1/classify/", "/api/v1/embed/"]


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The strings that a field has looked at."""
    seen: list[object] = []
    convert = Text.to_internal_value

    def counted(self: Text, data: object) -> object:
        seen.append(data)
        return convert(self, data)

    monkeypatch.setattr(Text, "to_internal_value", counted)
    return seen


def post(client, url: str, body: bytes | str, kind: str = "application/json"):
    return client.generic("POST", url, body, content_type=kind)


@pytest.mark.parametrize("url", PLAIN)
def test_plain_json_has_at_most_a_megabyte(url, gallery, as_alice):
    answer = post(as_alice, url, json.dumps({"name": "x" * 1_000_001}))
    assert (answer.status_code, answer.data["code"]) == (413, "request_too_large")


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("url", IMAGES)
def test_text_that_may_hold_an_image_is_bounded_too(url, kind, gallery, as_alice, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 200_000
    body = json.dumps({"text": "x" * 200_000}) if "json" in kind else "text=" + "x" * 200_000
    answer = post(as_alice, url, body, kind)
    assert (answer.status_code, answer.data["code"]) == (413, "request_too_large")


@pytest.mark.parametrize("url", [*PLAIN, *IMAGES])
@pytest.mark.parametrize(
    "body",
    [
        '{"labels": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"metadata": ' + '{"a":' * 200 + "1" + "}" * 200 + "}",
        '{"labels": ' + "[" * 33 + "]" * 33 + "}",
        '{"labels": [' + "0," * 25_000 + "0]}",
        '{"top_k": ' + "9" * 6000 + "}",
    ],
    ids=["endless", "deep objects", "deep", "many", "long number"],
)
def test_json_that_costs_more_than_it_says_is_refused(url, body, gallery, as_alice, looked_at):
    answer = post(as_alice, url, body)
    assert answer.status_code == 400, answer.data
    assert looked_at == []


@pytest.mark.parametrize(
    ("url", "name", "count"),
    [
        ("/api/v1/classify/", "labels", 1001),
        (f"{URL}categories/", "prompts", 51),
        (f"{URL}search/", "categories", 1001),
    ],
)
def test_items_are_counted_before_one_is_looked_at(
    url, name, count, gallery, as_alice, looked_at, monkeypatch
):
    given = {"image": "", "name": "cat", name: ["a\0"] * count}
    answer = as_alice.post(url, given, format="json")
    assert answer.status_code == 400
    assert [each["code"] for each in answer.data["errors"] if each["field"] == name] == [
        "max_length"
    ]
    assert "a\0" not in looked_at


def test_a_burst_is_counted_before_one_image_is_decoded(gallery, as_alice):
    answer = as_alice.post(f"{URL}identify/", {"image": ["not base64!"] * 17}, format="json")
    assert [each["code"] for each in answer.data["errors"]] == ["max_length"]


def test_at_most_twenty_errors_are_told_and_none_at_length(gallery, as_alice):
    image = photo("coins.png").hex()
    answer = as_alice.post(
        "/api/v1/classify/", {"image": image, "labels": [""] * 1000}, format="json"
    )
    assert answer.status_code == 400
    assert len(answer.data["errors"]) == 20
    long = as_alice.post(
        f"{URL}webhooks/", {"url": "https://example.org", "events": ["x" * 100_000]}, format="json"
    )
    assert long.status_code == 400
    assert len(long.content) < 10_000


def test_every_list_that_is_taken_counts_first():
    """A list field of an input that forgets to is found here, not by an attacker."""
    from recognition.api import urls  # noqa: F401 - loads all inputs
    from recognition.api.inputs import Items

    def inputs(kind: type) -> list[type]:
        return [kind, *(each for inner in kind.__subclasses__() for each in inputs(inner))]

    lists = [
        (serializer.__name__, name, field)
        for serializer in inputs(serializers.Serializer)
        if serializer.__module__.startswith("recognition.api")
        and serializer.__name__.endswith(("Input", "Change"))
        for name, field in serializer().fields.items()
        if isinstance(field, serializers.ListField | serializers.ListSerializer)
    ]
    assert lists
    assert [each[:2] for each in lists if not isinstance(each[2], Items)] == []
    assert [each[:2] for each in lists if each[2].max_length is None] == []
