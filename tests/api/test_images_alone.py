"""A general gallery whose encoder reads no descriptions."""

from __future__ import annotations

import pytest

from recognition.models import Category, EncoderRecord
from recognition.services.encoders.prepare_encoder import prepare_encoder
from tests.encoders.timm_weights import MODEL, write_weights
from tests.photos import photo, upload

pytestmark = pytest.mark.django_db

API = "/api/v1/galleries/"


@pytest.fixture
def timm_encoder(tmp_path, settings):
    name = f"timm:{MODEL}@{write_weights(tmp_path / 'weights.safetensors')}"
    settings.RECOGNITION = {
        **settings.RECOGNITION,
        "models_dir": tmp_path / "models",
        "encoder": name,
    }
    prepare_encoder(None, timeout=60, say=print)
    return name


def test_it_recognises_by_photos_and_refuses_words(timm_encoder, as_alice):
    made = as_alice.post(API, {"name": "Things"}, format="json").json()
    assert (made["domain"], made["encoder"]["name"]) == ("general", timm_encoder)
    assert not EncoderRecord.objects.get(name=timm_encoder).reads_texts
    url = f"{API}{made['slug']}/"
    for name in ("chelsea", "coffee", "rocket"):
        file = "rocket.jpg" if name == "rocket" else f"{name}.png"
        given = {"category": name, "image": upload(photo(file)), "create": "true"}
        answer = as_alice.post(f"{url}references/", given, format="multipart")
        assert answer.status_code == 201, answer.content
    asked = {"image": upload(photo("coffee.png"))}
    found = as_alice.post(f"{url}identify/", asked, format="multipart").json()
    assert found["candidates"][0]["name"] == "coffee"
    assert found["candidates"][0]["similarity"] > 0.99
    refused = (
        as_alice.post(f"{url}categories/", {"name": "Cat", "prompts": ["a cat"]}, format="json"),
        as_alice.post(f"{url}search/", {"text": "a cat"}, format="multipart"),
    )
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (422, "texts_unsupported")
        assert "gallery whose encoder reads them" in answer.json()["detail"]
    assert not Category.objects.filter(name="Cat").exists()
