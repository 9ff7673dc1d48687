"""What a list is narrowed to and ordered by, asked through the client of the real service."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from recognition.client import AsyncClient, InvalidInput
from tests.photos import FOLDER, another_view

LATER = datetime.now(UTC) + timedelta(days=365_000)


@pytest.fixture
def enrolled(client) -> list[str]:
    """Ids of references of a cat, of a cup, and of the cat again."""
    return [
        client.enrol("pets", image, category=category, create=True).id
        for image, category in [
            (FOLDER / "chelsea.png", "cat"),
            (FOLDER / "coffee.png", "coffee"),
            (another_view("chelsea.png"), "cat"),
        ]
    ]


def ids(listed) -> list[str]:
    return [each.id for each in listed]


def slugs(listed) -> list[str]:
    return [each.slug for each in listed]


def test_references_by_category_and_state(enrolled, client):
    first, cup, last = enrolled
    assert ids(client.list_references("pets", category="cat")) == [first, last]
    newest_first = client.list_references("pets", ordering="-created_at", page_size=1)
    assert ids(newest_first) == [last, cup, first]
    assert ids(client.list_references("pets", state="pending")) == []
    assert len(ids(client.list_references("pets", state="approved"))) == 3


def test_by_the_time_of_their_making(enrolled, client):
    made = [each.created_at for each in client.list_references("pets")]
    assert ids(client.list_references("pets", created_after=made[1])) == enrolled[1:]
    assert ids(client.list_references("pets", created_before=made[1])) == enrolled[:1]
    assert ids(client.list_references("pets", created_after=LATER)) == []


def test_categories_and_galleries_by_name(enrolled, client):
    client.create_category("pets", "Kitten", external_id="K-1")
    assert slugs(client.list_categories("pets", name="KIT")) == ["kitten"]
    assert slugs(client.list_categories("pets", external_id="K-1")) == ["kitten"]
    by_size = client.list_categories("pets", ordering="-references")
    assert slugs(by_size) == ["cat", "coffee", "kitten"]
    client.create_gallery("Animals")
    assert slugs(client.list_galleries(ordering="name")) == ["animals", "pets"]
    assert slugs(client.list_galleries(name="pet")) == ["pets"]


def test_queries_by_what_was_answered_and_said(enrolled, client):
    cat = client.identify("pets", another_view("chelsea.png")).query
    rocket = client.identify("pets", FOLDER / "rocket.jpg").query
    client.give_feedback("pets", cat, "right")
    assert ids(client.list_queries("pets", decision="unknown")) == [rocket]
    assert ids(client.list_queries("pets", reviewed=False)) == [rocket]
    assert ids(client.list_queries("pets", reviewed=True, category="cat")) == [cat]
    assert ids(client.list_queries("pets", verdict="right")) == [cat]
    assert ids(client.list_queries("pets", ordering="created_at")) == [cat, rocket]


def test_work_by_its_kind_and_state(enrolled, client):
    started = client.start_evaluation("pets")
    assert ids(client.list_jobs("pets", kind="evaluation", state="queued")) == [started.job]
    assert ids(client.list_jobs("pets", kind="import")) == []
    assert ids(client.list_evaluations("pets", source="gallery", state="queued")) == [started.id]
    assert ids(client.list_evaluations("pets", source="alone")) == []


def test_webhooks_by_whether_they_are_on(client):
    hook = client.create_webhook("pets", "https://example.com/hook", ["match"])
    assert ids(client.list_webhooks("pets", active=True)) == [hook.id]
    assert ids(client.list_webhooks("pets", active=False)) == []
    assert [each.deed for each in client.list_audit("pets", kind="webhook")] == ["create"]


def test_an_event_loop_narrows_them_too(enrolled, live_server, key):
    async def cups() -> list[str]:
        async with AsyncClient(live_server.url, key) as client:
            listed = client.list_references("pets", category="coffee", ordering="-created_at")
            return [each.id async for each in listed]

    assert asyncio.run(cups()) == enrolled[1:2]


def test_an_order_that_there_is_not_is_refused(client):
    with pytest.raises(InvalidInput) as refused:
        list(client.list_references("pets", ordering="sha256"))
    assert [each.field for each in refused.value.errors] == ["ordering"]
