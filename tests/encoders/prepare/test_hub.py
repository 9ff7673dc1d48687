"""Downloads: the real client against a hub on this machine."""

from __future__ import annotations

import json
import os
import time

import numpy as np
import pytest

from recognition.core.errors import NotPrepared, UnknownEncoder, WeightsUnavailable
from recognition.encoders import registry
from recognition.encoders.files import CONFIG
from recognition.encoders.names import DEFAULT_CLIP
from recognition.encoders.prepare.download import request_headers
from recognition.encoders.prepare.hub import Hub
from recognition.encoders.prepare.preparing import prepare
from tests.encoders.conftest import TINY_CONFIG, ensure

REPOSITORY = "alice/tiny"
NAME = f"open_clip:hf-hub:{REPOSITORY}"
WEIGHTS = "open_clip_model.safetensors"


@pytest.fixture
def hub(tmp_path):
    return Hub(tmp_path / "hub", online=True)


@pytest.fixture
def served_model(local_hub, tiny_checkpoint):
    local_hub.put(REPOSITORY, CONFIG, json.dumps({"model_cfg": TINY_CONFIG}).encode())
    local_hub.put(REPOSITORY, WEIGHTS, tiny_checkpoint.read_bytes())
    local_hub.put(REPOSITORY, "README.md", b"not needed")
    local_hub.put(REPOSITORY, "tokenizer_config.json", b"{}")
    return local_hub


@pytest.fixture
def no_hub(monkeypatch):
    """The hub's address is one where nobody listens."""
    from huggingface_hub import constants

    address = "http://127.0.0.1:9"
    template = address + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)


def test_a_prepared_hub_model_needs_the_hub_no_more(served_model, tiny_name, tmp_path):
    spec = prepare(NAME, models_dir=tmp_path, progress=False)
    served_model.stop()
    encoder = registry.get_encoder(NAME, models_dir=tmp_path, device="cpu")
    ensure(tiny_name, tmp_path)
    same = registry.get_encoder(tiny_name, models_dir=tmp_path, device="cpu")
    np.testing.assert_allclose(
        encoder.encode_texts(["a cat"]), same.encode_texts(["a cat"]), atol=1e-6
    )
    assert encoder.spec == spec
    kept = {path.name for path in (tmp_path / "hub" / "alice--tiny").iterdir()}
    assert kept == {CONFIG, WEIGHTS, "tokenizer_config.json"}


def test_progress_is_shown(served_model, hub, capsys):
    hub.fetch(REPOSITORY, [WEIGHTS])
    assert WEIGHTS in capsys.readouterr().err


def test_a_quiet_download_shows_nothing(served_model, tmp_path, capsys):
    Hub(tmp_path / "hub", online=True, progress=False).fetch(REPOSITORY, [WEIGHTS])
    assert capsys.readouterr().err == ""


def test_a_download_stops_in_time_and_goes_on_from_there(local_hub, tmp_path):
    content = os.urandom(6 * 1024 * 1024)
    local_hub.put(REPOSITORY, "large.bin", content)
    local_hub.delay = 0.05
    started = time.monotonic()
    with pytest.raises(WeightsUnavailable, match="goes on from there"):
        Hub(tmp_path, online=True, timeout=0.5).fetch(REPOSITORY, ["large.bin"])
    assert time.monotonic() - started < 3
    local_hub.delay = 0.0
    path = Hub(tmp_path, online=True).fetch(REPOSITORY, ["large.bin"])
    assert path.read_bytes() == content
    [asked] = local_hub.ranges
    assert int(asked.removeprefix("bytes=").rstrip("-")) >= 1024 * 1024
    assert [each.name for each in path.parent.iterdir()] == ["large.bin"]


def test_content_that_was_not_announced_is_thrown_away(local_hub, hub):
    local_hub.put(REPOSITORY, "weights.bin", b"evil")
    local_hub.announce = "0" * 64
    with pytest.raises(WeightsUnavailable, match="not what the hub announced"):
        hub.fetch(REPOSITORY, ["weights.bin"])
    assert list((hub.folder / "alice--tiny").iterdir()) == []


def test_a_token_goes_to_the_hub_alone(monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    hub, store = "https://hub.test/a/b", "https://store.test/x"
    assert request_headers(hub, hub)["authorization"] == "Bearer hf_secret"
    assert request_headers(hub, store) == {}


def test_the_first_name_that_is_there_is_taken(local_hub, hub):
    local_hub.put(REPOSITORY, "weights.bin", b"old format")
    assert hub.fetch(REPOSITORY, ["weights.safetensors", "weights.bin"]).name == "weights.bin"
    with pytest.raises(WeightsUnavailable, match="None of a, b"):
        hub.fetch(REPOSITORY, ["a", "b"])


def test_what_is_there_is_not_asked_for_again(local_hub, hub):
    local_hub.put(REPOSITORY, "weights.bin", b"first")
    path = hub.fetch(REPOSITORY, ["weights.bin"])
    local_hub.put(REPOSITORY, "weights.bin", b"second")
    assert hub.fetch(REPOSITORY, ["weights.bin"]).read_bytes() == b"first"
    assert Hub(hub.folder).fetch(REPOSITORY, ["weights.bin"]) == path


def test_a_model_that_the_hub_lacks_is_unknown(local_hub, tmp_path):
    with pytest.raises(UnknownEncoder, match="no model bob/nothing"):
        prepare("open_clip:hf-hub:bob/nothing", models_dir=tmp_path)


def test_a_model_that_is_not_open_clips_is_unknown(local_hub, tmp_path):
    local_hub.put(REPOSITORY, CONFIG, b"{}")
    with pytest.raises(UnknownEncoder, match="no open_clip model"):
        prepare(NAME, models_dir=tmp_path)


def test_a_model_without_weights_is_refused_rather_than_random(local_hub, tmp_path):
    local_hub.put(REPOSITORY, CONFIG, json.dumps({"model_cfg": TINY_CONFIG}).encode())
    with pytest.raises(WeightsUnavailable, match=WEIGHTS):
        prepare(NAME, models_dir=tmp_path)


@pytest.mark.parametrize("name", [DEFAULT_CLIP, NAME])
def test_an_unreachable_hub_is_said_within_seconds(no_hub, tmp_path, name):
    registry.is_prepared(name, models_dir=tmp_path)
    started = time.monotonic()
    with pytest.raises(WeightsUnavailable, match="cannot be had from the Hugging Face hub"):
        prepare(name, models_dir=tmp_path)
    assert time.monotonic() - started < 8


@pytest.mark.parametrize("name", [DEFAULT_CLIP, NAME])
def test_asking_for_an_encoder_downloads_nothing(served_model, tmp_path, name):
    with pytest.raises(NotPrepared):
        registry.get_encoder(name, models_dir=tmp_path)
    assert not (tmp_path / "hub").exists()


def test_an_unknown_tag_is_answered_with_the_known_ones(tmp_path):
    with pytest.raises(UnknownEncoder, match="openai"):
        prepare("open_clip:ViT-B-32/nonsense", models_dir=tmp_path)


def test_a_tag_keeps_the_preprocessing_and_activation_it_was_trained_with(
    local_hub, tmp_path, tiny_checkpoint, monkeypatch
):
    from open_clip import pretrained

    from recognition.encoders.clip.loading import load_model
    from recognition.encoders.names import parse_name
    from recognition.encoders.prepare.locate import locate
    from tests.encoders.conftest import TINY

    known = {"hf_hub": "alice/tiny/tag.bin", "mean": (0.5,) * 3, "quick_gelu": True}
    monkeypatch.setitem(pretrained._PRETRAINED, TINY, {"tag": known})
    local_hub.put(REPOSITORY, "tag.safetensors", tiny_checkpoint.read_bytes())
    name = parse_name(f"open_clip:{TINY}/tag")
    hub = Hub(tmp_path / "hub", online=True)
    loaded = load_model(locate(name, models_dir=tmp_path, hub=hub), cache_dir=hub.folder)
    assert loaded.model.visual.preprocess_cfg["mean"] == (0.5,) * 3
    assert "QuickGELU" in str(loaded.model.visual)
    assert prepare(str(name), models_dir=tmp_path).dimension == 32
    assert registry.is_prepared(str(name), models_dir=tmp_path)
