"""The encoder's page, from the first look to the end of a change."""

from __future__ import annotations

import pytest

from recognition.models import EncoderChange
from recognition.services.recognition.identify import identify
from tests.conftest import client_of
from tests.dashboard.page_text import text
from tests.photos import photo
from tests.services.encoder_changes.conftest import run

pytestmark = pytest.mark.django_db
PAGE = "/g/pets/settings/encoder/"


def test_an_owner_changes_the_encoder_on_its_page(pets, tiny, alice, victor):
    alices, victors = client_of(alice), client_of(victor)
    identify(gallery=pets, data=photo("rocket.jpg"))
    assert tiny in text(alices.get(PAGE))
    assert tiny not in text(victors.get(PAGE))
    assert victors.post(PAGE, {"encoder": tiny}).status_code == 403
    assert "The worker has begun" in text(
        alices.post(PAGE, {"encoder": tiny}, format="multipart", follow=True)
    )
    change = EncoderChange.objects.get()
    step = f"{PAGE}{change.public_id}/"

    def take(step_: str, **options) -> str:
        return text(alices.post(step, {"step": step_}, format="multipart", **options))

    assert "The change of encoder is embedding, not ready." in take("switch")
    run(change)
    ready = text(alices.get(PAGE))
    assert "Ready to switch" in ready
    assert "past answers stay the same" in ready
    assert "now uses the new encoder" in take("switch", follow=True)
    assert "Roll back" in text(alices.get(PAGE))
    assert "old encoder again" in take("roll-back", follow=True)
    assert "Rolled back" in text(alices.get(PAGE))
    assert alices.post(step, {"step": "dance"}, format="multipart").status_code == 400
