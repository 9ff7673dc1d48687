"""Being told of events, arranged through the client."""

from __future__ import annotations

import asyncio
import json

import pytest

from recognition.client import AsyncClient, InvalidInput, NotFound
from recognition.models import Delivery
from recognition.services.webhooks.deliver import deliver
from tests.client.scripted_server import Answer, scripted_server


@pytest.fixture
def private_allowed(settings) -> None:
    settings.RECOGNITION = {**settings.RECOGNITION, "webhook_allow_private": True}


def test_a_webhook_is_made_changed_and_deleted(client):
    made = client.create_webhook("pets", "https://example.com/hook", ["match", "job.finished"])
    assert made.secret.startswith("whsec_")
    assert made.events == ("job.finished", "match")
    changed = client.update_webhook("pets", made.id, events=["unknown"], active=False)
    assert (changed.url, changed.events, changed.active) == (made.url, ("unknown",), False)
    assert client.get_webhook("pets", made.id) == changed
    assert list(client.list_webhooks("pets")) == [changed]
    client.delete_webhook("pets", made.id)
    assert list(client.list_webhooks("pets")) == []
    with pytest.raises(NotFound):
        list(client.list_deliveries("pets", made.id))


def test_a_test_message_arrives_and_is_listed(client, private_allowed):
    with scripted_server(Answer(503), Answer(204)) as receiver:
        hook = client.create_webhook("pets", receiver.url, ["match"])
        sent = client.test_webhook("pets", hook.id)
        assert (sent.event, sent.state, sent.attempts) == ("test", "pending", 0)
        assert deliver(Delivery.objects.get().pk)
        [waiting] = client.list_deliveries("pets", hook.id, state="pending")
        assert (waiting.id, waiting.response_status, waiting.attempts) == (sent.id, 503, 1)
        Delivery.objects.update(next_attempt_at=waiting.created_at)
        deliver(Delivery.objects.get().pk)
    [arrived] = client.list_deliveries("pets", hook.id)
    assert (arrived.state, arrived.response_status) == ("delivered", 204)
    assert json.loads(receiver.requests[-1].body) == json.loads(sent.body)
    assert receiver.requests[-1].headers["webhook-id"] == sent.id


def test_a_webhook_that_is_switched_off_is_not_tested(client):
    hook = client.create_webhook("pets", "https://example.com/hook", ["match"])
    client.update_webhook("pets", hook.id, active=False)
    with pytest.raises(InvalidInput, match="switch it on"):
        client.test_webhook("pets", hook.id)
    assert not Delivery.objects.exists()


def test_an_address_inside_the_network_is_refused(client):
    with pytest.raises(InvalidInput) as refused:
        client.create_webhook("pets", "http://127.0.0.1/", ["match"])
    assert refused.value.code == "webhook_address_refused"


def test_the_async_client_arranges_them_alike(client, live_server, key):
    async def run():
        async with AsyncClient(live_server.url, key) as other:
            made = await other.create_webhook("pets", "https://example.com/hook", ["match"])
            await other.test_webhook("pets", made.id)
            return made, [d async for d in other.list_deliveries("pets", made.id)]

    made, deliveries = asyncio.run(run())
    assert [hook.id for hook in client.list_webhooks("pets")] == [made.id]
    assert deliveries == list(client.list_deliveries("pets", made.id))
