"""Lists come in pages, narrowed and ordered as asked; what makes no sense is refused."""

from __future__ import annotations

from base64 import b64encode

import pytest

pytestmark = pytest.mark.django_db
URL = "/api/v1/galleries/pets/categories/"


@pytest.fixture
def four(gallery, as_alice) -> None:
    for name, external_id in [("Dog", "d-1"), ("Ant", ""), ("Cat", "c-1"), ("Ant 2", "a-2")]:
        assert as_alice.post(URL, {"name": name, "external_id": external_id}).status_code == 201


def pages_of(client, query: str) -> list[list[str]]:
    pages, url = [], f"{URL}?{query}"
    while url:
        page = client.get(url).json()
        pages.append([row["slug"] for row in page["results"]])
        url = page["next"]
    return pages


@pytest.mark.parametrize(
    ("ordering", "pages"),
    [
        ("", [["dog", "ant", "cat"], ["ant-2"]]),
        ("ordering=-created_at", [["ant-2", "cat", "ant"], ["dog"]]),
        ("ordering=name", [["ant", "ant-2", "cat"], ["dog"]]),
        ("ordering=-name", [["dog", "cat", "ant-2"], ["ant"]]),
        ("ordering=references", [["dog", "ant", "cat"], ["ant-2"]]),
    ],
)
def test_pages_follow_the_order_asked_for(ordering, pages, four, as_alice):
    assert pages_of(as_alice, f"{ordering}&page_size=3") == pages


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=AN", {"ant", "ant-2"}),
        ("external_id=c-1", {"cat"}),
        ("created_after=2999-01-01", set()),
    ],
)
def test_a_list_is_narrowed(query, found, four, as_alice):
    assert {row["slug"] for row in as_alice.get(f"{URL}?{query}").json()["results"]} == found


def cursor(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("page_size=0", "invalid_input"),
        ("page_size=501", "invalid_input"),
        ("page_size=many", "invalid_input"),
        ("ordering=metadata", "invalid_input"),
        ("created_after=yesterday", "invalid_input"),
        ("created_after=", "invalid_input"),
        ("cursor=abc", "invalid_cursor"),
        (f"cursor={cursor('p=abc')}", "invalid_cursor"),
        (f"ordering=name&cursor={cursor('p=%00')}", "invalid_cursor"),
    ],
)
def test_a_list_that_makes_no_sense_is_refused(query, code, four, as_alice):
    refused = as_alice.get(f"{URL}?{query}")
    assert (refused.status_code, refused.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": 7},
        {"name": "\u2003"},
        {"metadata": [1]},
        {"metadata": {"key": ["\0"]}},
        {"metadata": {"long": "x" * 20_000}},
    ],
)
def test_json_is_taken_by_its_types_and_kept_only_if_it_can_be(wrong, gallery, as_alice):
    refused = as_alice.post(URL, {"name": "Cat", **wrong})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_input")


def test_a_backslash_before_u0000_is_no_nul(gallery, as_alice):
    metadata = {"path": "c:\\u0000"}
    assert as_alice.post(URL, {"name": "Cat", "metadata": metadata}).json()["metadata"] == metadata


@pytest.mark.parametrize(
    ("address", "body"),
    [
        (URL, r'{"name": "Cat", "metadata": {"\ud800": 1}}'),
        (URL, r'{"name": "\ud800"}'),
        ("/api/v1/galleries/pets/webhooks/", r'{"url": "http://x.org", "events": ["\ud800"]}'),
    ],
)
def test_half_a_character_is_refused_and_told_so(address, body, gallery, as_alice):
    refused = as_alice.post(address, body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_input")
