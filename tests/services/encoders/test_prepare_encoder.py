"""``auto`` tries CLIP once, says plainly what it does without, and then keeps to its choice."""

from __future__ import annotations

import pytest

from recognition.core.errors import EncoderMismatch, WeightsUnavailable
from recognition.encoders.names import DEFAULT_CLIP
from recognition.encoders.prepare import preparing
from recognition.services.encoders import prepare_encoder as prepare_encoder_module
from recognition.services.encoders.gallery_encoders import default_encoder, encoder_of, use_encoder
from recognition.services.encoders.prepare_encoder import prepare_encoder

pytestmark = pytest.mark.django_db


@pytest.fixture
def auto(settings, monkeypatch):
    """The settings leave it open, and no hub answers."""
    settings.RECOGNITION = {**settings.RECOGNITION, "encoder": "auto"}
    real, asked = preparing.prepare, []

    def prepare(name, **options):
        asked.append(name)
        if name == DEFAULT_CLIP:
            raise WeightsUnavailable("The hub cannot be reached.")
        return real(name, **options)

    monkeypatch.setattr(prepare_encoder_module, "prepare", prepare)
    return asked


def test_without_a_hub_the_bundled_encoder_stands_in_and_says_so(auto, models_dir):
    said: list[str] = []
    assert prepare_encoder(None, timeout=1, say=said.append).name == "bundled"
    assert auto == [DEFAULT_CLIP, "bundled"]
    assert "The hub cannot be reached." in said[0]
    assert "knows only everyday words" in said[1]


def test_the_choice_is_kept(auto, models_dir):
    assert default_encoder().name == "bundled"
    prepare_encoder(None, timeout=1, say=print)
    assert auto == ["bundled"]
    assert default_encoder().is_default


def test_a_named_encoder_that_cannot_be_had_is_an_error(auto, models_dir):
    with pytest.raises(WeightsUnavailable):
        prepare_encoder(DEFAULT_CLIP, timeout=1, say=print)


def test_a_gallery_never_meets_other_weights(gallery):
    record = use_encoder("bundled")
    record.fingerprint = "f" * 64
    record.save()
    gallery.encoder.refresh_from_db()
    with pytest.raises(EncoderMismatch, match="Install the weights"):
        encoder_of(gallery)
