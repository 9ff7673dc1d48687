"""Galleries whose encoder runs on a server, and what becomes of them when it runs another."""

from __future__ import annotations

import json

import httpx
import pytest

from recognition.core.errors import EncoderMismatch
from recognition.encoders.prepare.preparing import prepare
from recognition.encoders.remote import client
from recognition.models import EncoderRecord
from recognition.services.encoders.gallery_encoders import default_encoder, encoder_of
from recognition.services.encoders.prepare_encoder import prepare_encoder
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from tests.encoders.conftest import TINY, write_tiny_weights
from tests.encoders.remote.mlserver import serving
from tests.photos import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def tiny_models(tiny_checkpoint, tmp_path):
    """Two encoders of one architecture, and the folder where both are prepared."""
    other = write_tiny_weights(tmp_path / "other.safetensors", seed=1)
    names = [f"open_clip:{TINY}@{path}" for path in (tiny_checkpoint, other)]
    for name in names:
        prepare(name, models_dir=tmp_path / "models")
    return tmp_path / "models", names


@pytest.fixture
def use(settings):
    def choose(name: str) -> EncoderRecord:
        settings.RECOGNITION = {**settings.RECOGNITION, "encoder": name}
        prepare_encoder(name, timeout=60, say=print)
        return default_encoder()

    return choose


def test_a_gallery_is_not_served_once_the_server_runs_another_encoder(
    mlserver, tiny_models, alice, use, tmp_path
):
    models_dir, (first, second) = tiny_models
    parameters = {"encoder": first, "models_dir": str(models_dir), "threads": 1}
    folder = tmp_path / "served"
    with serving(mlserver, folder, tiny=parameters) as address:

        def serve(encoder: str) -> None:
            path = folder / "tiny" / "model-settings.json"
            served = json.loads(path.read_text())
            served["parameters"]["encoder"] = encoder
            path.write_text(json.dumps(served))
            httpx.post(f"{address}/v2/repository/models/tiny/load", timeout=60).raise_for_status()

        use(f"oip+{address}/tiny")
        gallery = create_gallery(name="Remote", owner=alice)
        for name in ("chelsea.png", "coffee.png"):
            enrol(gallery=gallery, category=name, create=True, data=photo(name), user=alice)
        assert identify(gallery=gallery, data=photo("chelsea.png")).answer["candidates"]

        serve(second)
        with pytest.raises(EncoderMismatch, match="runs another encoder"):
            identify(gallery=gallery, data=photo("rocket.jpg"))
        client._remotes.clear()  # as in a process that starts now
        with pytest.raises(EncoderMismatch, match="Install the weights"):
            encoder_of(gallery)

        client._remotes.clear()
        serve(first)
        assert identify(gallery=gallery, data=photo("rocket.jpg")).answer["candidates"]


def test_the_same_encoder_may_move_to_a_server_and_back(address, alice, use):
    here = use("bundled")
    gallery = create_gallery(name="Moving", owner=alice)
    there = use(f"oip+{address}/photos")
    assert there.pk == here.pk
    gallery.refresh_from_db()
    assert encoder_of(gallery).spec.name == f"oip+{address}/photos"
    assert use("bundled").name == "bundled"
    assert EncoderRecord.objects.count() == 1
