"""The same change of encoder, by the API and by the command."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from recognition.models import EncoderChange
from tests.services.encoder_changes.conftest import run

pytestmark = pytest.mark.django_db
CHANGES = "/api/v1/galleries/pets/encoder-changes/"


def command(*arguments: str) -> str:
    said = StringIO()
    call_command("encoder", "migrate", "pets", *arguments, stdout=said)
    return said.getvalue()


def test_an_owner_changes_the_encoder_through_the_api(pets, tiny, as_alice):
    started = as_alice.post(CHANGES, {"encoder": tiny})
    assert (started.status_code, started.json()["state"]) == (202, "embedding")
    run(EncoderChange.objects.get())
    address = f"{CHANGES}{started.json()['id']}/"
    ready = as_alice.get(address).json()
    assert (ready["state"], ready["embedded"], ready["behind"]) == ("ready", 5, 0)
    assert ready["comparison"]["leave_one_out"]["references"] == 2
    assert as_alice.post(f"{address}roll-back/").json()["code"] == "encoder_change_state"
    assert as_alice.post(f"{address}switch/").json()["state"] == "switched"
    encoder = as_alice.get("/api/v1/galleries/pets/").json()["encoder"]
    assert encoder == ready["target"]
    assert as_alice.post(f"{address}finish/").json()["state"] == "finished"
    assert as_alice.get(CHANGES).json()["results"][0]["state"] == "finished"
    assert as_alice.get(f"{CHANGES}e_nope/").json()["code"] == "encoder_change_not_found"


def test_a_change_asked_for_again_is_the_first_one(pets, tiny, as_alice):
    key = {"HTTP_IDEMPOTENCY_KEY": "k1"}
    first, again = (as_alice.post(CHANGES, {"encoder": tiny}, **key) for _ in range(2))
    assert (again.status_code, again.json()) == (202, first.json())
    assert again["Location"] == first["Location"]
    assert as_alice.get(first["Location"]).json()["id"] == first.json()["id"]
    assert EncoderChange.objects.count() == 1


def test_the_operator_changes_it_by_a_command(pets, tiny):
    assert "the worker embeds pets" in command(tiny)
    assert "0 of None embedded" in command()
    run(EncoderChange.objects.get())
    assert "nearest neighbour right for 2 of 2 references now" in command()
    assert "switched" in command("--switch")
    assert "rolled_back" in command("--roll-back")
    with pytest.raises(CommandError, match="No change of encoder is open"):
        command()
