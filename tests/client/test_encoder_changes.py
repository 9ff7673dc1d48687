"""A gallery changes its encoder, through the client."""

from __future__ import annotations

import asyncio

import pytest

from recognition.client import AsyncClient, Conflict, InvalidInput
from recognition.models import EncoderChange
from tests.encoders.conftest import tiny_checkpoint  # noqa: F401
from tests.photos import photo
from tests.services.encoder_changes.conftest import run, tiny  # noqa: F401


@pytest.fixture
def enrolled(client):
    client.enrol("pets", photo("chelsea.png"), category="cat", create=True)
    client.enrol("pets", photo("coffee.png"), category="cup", create=True)
    client.identify("pets", photo("coffee.png"))
    return client


def test_an_encoder_is_changed_compared_and_switched_to(enrolled, tiny):  # noqa: F811
    started = enrolled.start_encoder_change("pets", tiny)
    assert (started.state, started.finished, started.comparison) == ("embedding", False, None)
    run(EncoderChange.objects.get())
    ready = enrolled.wait_for_encoder_change("pets", started.id, timeout=10)
    assert (ready.state, ready.succeeded, ready.embedded, ready.behind) == ("ready", True, 2, 0)
    assert (ready.comparison.compared, ready.comparison.judged) == (1, 0)
    assert enrolled.switch_encoder("pets", started.id).switched_at
    assert enrolled.get_gallery("pets").encoder == ready.target
    assert enrolled.roll_back_encoder("pets", started.id).state == "rolled_back"
    assert enrolled.get_gallery("pets").encoder == ready.source
    with pytest.raises(Conflict) as refused:
        enrolled.finish_encoder_change("pets", started.id)
    assert refused.value.code == "encoder_change_state"


def test_a_change_is_cancelled_and_listed(enrolled, live_server, key, tiny):  # noqa: F811
    async def cancelled():
        async with AsyncClient(live_server.url, key) as other:
            started = await other.start_encoder_change("pets", tiny)
            await other.cancel_encoder_change("pets", started.id)
            return await other.wait_for_encoder_change("pets", started.id)

    ended = asyncio.run(cancelled())
    assert (ended.state, ended.finished, ended.succeeded) == ("cancelled", True, False)
    assert list(enrolled.list_encoder_changes("pets")) == [ended]


def test_an_encoder_that_is_not_prepared_is_refused(enrolled):
    with pytest.raises(InvalidInput, match="not prepared"):
        enrolled.start_encoder_change("pets", "open_clip:none")
