"""Galleries, categories and references through the client."""

from __future__ import annotations

import asyncio
import inspect

import pytest

from recognition.client import (
    AsyncClient,
    Client,
    Conflict,
    InvalidInput,
    InvalidKey,
    NotFound,
    Retention,
)
from recognition.client.contract import Contract
from recognition.client.exchange import KEY_VARIABLE, URL_VARIABLE
from tests.photos import FOLDER


def test_a_gallery_is_made_changed_and_deleted(client):
    made = client.create_gallery("Mugs", description="Of the office", target_far=0.001)
    assert (made.slug, made.target_far, made.generation) == ("mugs", 0.001, 0)
    assert client.update_gallery("mugs", name="Cups").description == "Of the office"
    assert {gallery.slug for gallery in client.list_galleries()} == {"pets", "mugs"}
    client.delete_gallery("mugs")
    with pytest.raises(NotFound) as missing:
        client.get_gallery("mugs")
    assert (missing.value.code, missing.value.status) == ("gallery_not_found", 404)


def test_what_is_kept_of_queries_is_said_and_seen(client):
    for kept in (Retention(query_days=30, query_images=False), Retention(None, True)):
        assert client.update_gallery("pets", retention=kept).retention == kept
    assert client.update_gallery("pets", name="Animals").retention == Retention(None, True)
    changed = [entry.detail for entry in client.list_audit("pets") if entry.deed == "change"]
    assert {"query_days": 30, "query_images": False} in changed


def test_a_category_is_described_found_by_its_external_id_and_deleted(client):
    made = client.create_category(
        "pets", "Cat", external_id="4711", prompts=["a cat"], metadata={"room": 3}
    )
    assert client.get_category("pets", "4711") == made
    assert (made.prompts, made.metadata) == (("a cat",), {"room": 3})
    assert client.update_category("pets", "cat", name="Tom").name == "Tom"
    client.delete_category("pets", "cat")
    assert list(client.list_categories("pets")) == []


def test_what_is_there_already_is_a_conflict(client):
    client.create_category("pets", "Cat", external_id="4711")
    with pytest.raises(Conflict):
        client.create_category("pets", "Dog", external_id="4711")


def test_a_reference_is_enrolled_seen_and_deleted(client):
    enrolled = client.enrol(
        "pets", FOLDER / "chelsea.png", category="cat", create=True, external_id="photo-1"
    )
    seen = client.get_reference("pets", enrolled.id)
    assert (seen.external_id, seen.sha256) == ("photo-1", enrolled.sha256)
    assert [reference.id for reference in client.list_references("pets")] == [enrolled.id]
    client.delete_reference("pets", enrolled.id)
    assert list(client.list_references("pets")) == []


def test_a_list_is_followed_over_all_its_pages(client):
    names = [f"c{number}" for number in range(7)]
    for name in names:
        client.create_category("pets", name)
    assert [c.slug for c in client.list_categories("pets", page_size=3)] == names


def test_what_is_not_the_callers_is_not_found(client, charlies_client):
    assert list(charlies_client.list_galleries()) == []
    with pytest.raises(NotFound):
        charlies_client.get_gallery("pets")


def test_a_wrong_key_is_told_apart(live_server, db):
    with Client(live_server.url, "abc.def") as client, pytest.raises(InvalidKey) as refused:
        list(client.list_galleries())
    assert (refused.value.code, refused.value.status) == ("invalid_key", 401)


def test_fields_that_are_wrong_are_named(client):
    with pytest.raises(InvalidInput, match="target_far") as refused:
        client.create_gallery("Mugs", target_far=2)
    assert [error.field for error in refused.value.errors] == ["target_far"]


def test_the_address_and_the_key_come_from_the_environment(client, live_server, key, monkeypatch):
    monkeypatch.setenv(URL_VARIABLE, live_server.url)
    monkeypatch.setenv(KEY_VARIABLE, key)
    with Client() as from_environment:
        assert from_environment.get_gallery("pets") == client.get_gallery("pets")


def test_the_async_client_makes_the_same_calls(client, live_server, key):
    async def run():
        async with AsyncClient(live_server.url, key) as other:
            await other.enrol("pets", FOLDER / "chelsea.png", category="cat", create=True)
            for number in range(3):
                await other.create_category("pets", f"c{number}")
            answer = await other.identify("pets", FOLDER / "chelsea.png")
            listed = [c async for c in other.list_categories("pets", page_size=2)]
            with pytest.raises(NotFound):
                await other.get_gallery("dogs")
            return answer, listed

    answer, listed = asyncio.run(run())
    assert answer.category == "cat"
    assert listed == list(client.list_categories("pets"))


@pytest.mark.parametrize("name", [name for name in vars(Contract) if not name.startswith("_")])
def test_every_call_tells_its_arguments_and_what_it_does(name, client):
    method = getattr(client, name)
    assert inspect.getdoc(method)
    assert "self" not in inspect.signature(method).parameters
