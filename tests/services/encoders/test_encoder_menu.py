"""What can be had, and what of it is here."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from recognition.encoders.menu import OFFERS, offer_of
from recognition.encoders.names import parse_name
from recognition.services.encoders.encoder_menu import encoder_menu

pytestmark = pytest.mark.django_db


def test_every_offer_names_an_encoder_that_can_be_asked_for():
    import_open_clip = pytest.importorskip("recognition.encoders.clip.loading").import_open_clip
    known = {f"open_clip:{model}/{tag}" for model, tag in import_open_clip().list_pretrained()}
    import timm

    known |= {f"timm:{model}" for model in timm.list_pretrained()}
    for offer in OFFERS:
        assert str(parse_name(offer.name)) == offer.name
        if offer.hub:
            assert {offer.name, offer.name.removesuffix("/224")} & known


def test_a_reduced_encoder_is_offered_as_the_whole_one():
    assert offer_of("bundled+int8") is offer_of("bundled")
    assert offer_of("open_clip:ViT-Z/none") is None


def test_what_is_prepared_comes_first_with_its_cost_here(models_dir, capsys):
    first, *_ = encoder_menu()
    assert (first.offer.name, first.prepared) == ("bundled", True)
    assert first.milliseconds and first.milliseconds > 0
    call_command("encoder", "list", "--available")
    shown = capsys.readouterr().out
    assert shown.startswith("bundled  (prepared, ")
    assert "ms an image here" in shown
    assert "Apple's for research" in shown
