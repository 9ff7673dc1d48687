"""Image models of timm: real ones, small, whose weights the tests write."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from recognition.core.errors import (
    EngineUnavailable,
    NotPrepared,
    TextsUnsupported,
    UnknownEncoder,
    WeightsUnavailable,
)
from recognition.core.types import Domain
from recognition.encoders import registry
from recognition.encoders.batching.queued_encoder import QueuedEncoder, QueueLimits
from recognition.encoders.domains import check_texts
from recognition.encoders.drawings.encoder import shipped_drawings
from recognition.encoders.multi_view import with_views
from recognition.encoders.names import Timm
from recognition.encoders.prepare import export, timm_models
from recognition.encoders.prepare.preparing import prepare
from recognition.encoders.torchvision_import import import_torchvision
from tests.encoders.photos import sample
from tests.encoders.timm_weights import MODEL, write_weights

REPOSITORY = f"timm/{MODEL}.r160_in1k"
HUB_NAME = f"timm:{MODEL}.r160_in1k"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    return write_weights(tmp_path_factory.mktemp("timm") / "vit.safetensors")


@pytest.fixture(scope="module")
def name(checkpoint):
    return f"timm:{MODEL}@{checkpoint}"


@pytest.fixture(scope="module")
def prepared(name, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    prepare(name, models_dir=folder)
    return folder


@pytest.fixture
def encoder(name, prepared):
    return registry.get_encoder(name, models_dir=prepared)


def test_it_embeds_images_as_timm_itself_does(encoder, checkpoint):
    import torch
    from timm import create_model
    from timm.data import create_transform, resolve_data_config

    model = create_model(MODEL, checkpoint_path=str(checkpoint)).eval()
    transform = create_transform(**resolve_data_config(model=model), is_training=False)
    shown = [sample("chelsea.png"), sample("coffee.png").resize((70, 300))]
    with torch.inference_mode():
        features = [model.forward_features(transform(image)[None]) for image in shown]
        rows = torch.cat([model.forward_head(each, pre_logits=True) for each in features])
    expected = torch.nn.functional.normalize(rows).numpy()
    np.testing.assert_allclose(encoder.encode_images(shown), expected, atol=1e-4)


def test_it_is_a_general_encoder_of_images_alone(encoder, prepared, name):
    spec = encoder.spec
    assert (spec.name, spec.dimension, spec.input_size) == (name, 64, 160)
    assert (spec.domain, spec.reads_texts) == (Domain.GENERAL, False)
    assert registry.installed(prepared) == [spec, *shipped_drawings()]
    assert registry.is_prepared(name, models_dir=prepared)
    assert registry.why_not_onnx(name, models_dir=prepared) is None
    assert registry.resolve_auto(prepared) == "bundled"
    encoder.load()


def test_texts_are_refused_with_the_reason(encoder):
    for read in (encoder.encode_texts, encoder.read_texts):
        with pytest.raises(TextsUnsupported, match="example photos alone") as raised:
            read(["a cat"])
        assert "gallery of general" not in raised.value.detail
    with pytest.raises(TextsUnsupported):
        check_texts(encoder.spec, ["a cat"])


def test_galleries_show_it_the_views_of_an_image(encoder):
    queue = QueuedEncoder(encoder, QueueLimits(capacity=64, seconds=60, remembered=0))
    try:
        viewing = with_views(queue)
        assert viewing.spec.fingerprint != encoder.spec.fingerprint
        rows = viewing.encode_images([sample("chelsea.png")])
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
        assert viewing.cohort().shape == (0, 64)
    finally:
        queue.close()


def test_serving_imports_no_torch(name, prepared):
    program = f"""
        import sys
        from pathlib import Path
        from PIL import Image
        from recognition.encoders import registry
        encoder = registry.get_encoder({name!r}, models_dir=Path({str(prepared)!r}))
        encoder.encode_images([Image.effect_noise((50, 40), 90).convert("RGB")])
        heavy = {{"torch", "open_clip", "torchvision", "timm", "transformers"}} & set(sys.modules)
        sys.exit(f"imported {{sorted(heavy)}}" if heavy else 0)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_it_runs_on_a_processor_alone(name, prepared):
    with pytest.raises(EngineUnavailable, match="not on torch"):
        registry.get_encoder(name, models_dir=prepared, engine="torch")
    assert registry.get_encoder(name, models_dir=prepared, device="cuda").engine == "onnx"


def test_from_the_hub_it_is_the_same_encoder(local_hub, checkpoint, prepared, encoder, tmp_path):
    shutil.copytree(prepared / "onnx", tmp_path / "onnx")
    local_hub.put(REPOSITORY, "config.json", json.dumps(config()).encode())
    local_hub.put(REPOSITORY, "model.safetensors", checkpoint.read_bytes())
    with pytest.raises(NotPrepared):
        registry.get_encoder(HUB_NAME, models_dir=tmp_path)
    spec = prepare(HUB_NAME, models_dir=tmp_path, progress=False)
    local_hub.stop()
    assert (spec.name, spec.fingerprint) == (HUB_NAME, encoder.spec.fingerprint)
    assert prepare(HUB_NAME, models_dir=tmp_path) == spec
    assert registry.get_encoder(HUB_NAME, models_dir=tmp_path).spec == spec


def config():
    """As timm writes it to the hub."""
    import_torchvision()
    from timm import get_pretrained_cfg

    return {"architecture": MODEL, "pretrained_cfg": get_pretrained_cfg(MODEL).to_dict()}


def test_a_hub_model_of_another_architecture_is_refused(local_hub, checkpoint, tmp_path):
    described = config() | {"architecture": "resnet18"}
    local_hub.put(REPOSITORY, "config.json", json.dumps(described).encode())
    local_hub.put(REPOSITORY, "model.safetensors", checkpoint.read_bytes())
    with pytest.raises(WeightsUnavailable, match="describes a resnet18"):
        prepare(HUB_NAME, models_dir=tmp_path, progress=False)


def test_a_model_that_the_hub_lacks_is_unknown(local_hub, tmp_path):
    with pytest.raises(UnknownEncoder, match="no model timm/test_vit.nothing"):
        prepare("timm:test_vit.nothing", models_dir=tmp_path, progress=False)


def test_what_timm_does_not_know_is_unknown(tmp_path, checkpoint):
    with pytest.raises(UnknownEncoder, match="timm has no model 'vit_of_mine'"):
        prepare(f"timm:vit_of_mine@{checkpoint}", models_dir=tmp_path)
    with pytest.raises(UnknownEncoder, match="more than 1024 pixels"):
        prepare(f"timm:{MODEL}/2048@{checkpoint}", models_dir=tmp_path)


@pytest.mark.parametrize("damage", ["missing", "cut", "partial", "another's"])
def test_weights_are_complete_or_refused(damage, checkpoint, tmp_path):
    from safetensors.torch import load_file, save_file

    path = tmp_path / "weights.safetensors"
    if damage == "cut":
        path.write_bytes(checkpoint.read_bytes()[:-100])
    elif damage == "partial":
        state = load_file(checkpoint)
        del state["blocks.0.attn.qkv.weight"]
        save_file(state, path)
    elif damage == "another's":
        write_weights(path, "test_resnet")
    with pytest.raises(WeightsUnavailable):
        prepare(f"timm:{MODEL}@{path}", models_dir=tmp_path / "models")
    assert not list((tmp_path / "models").glob("*/"))


def test_one_that_onnx_runtime_runs_otherwise_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "REQUIRED_COSINE", 1.1)
    with pytest.raises(EngineUnavailable, match="differ from torch's"):
        prepare(name, models_dir=tmp_path)
    assert not registry.is_prepared(name, models_dir=tmp_path)


def test_a_changed_checkpoint_is_another_encoder(checkpoint, prepared, tmp_path):
    copy = tmp_path / "copy.safetensors"
    shutil.copyfile(checkpoint, copy)
    models = tmp_path / "models"
    shutil.copytree(prepared / "onnx", models / "onnx")
    spec = prepare(f"timm:{MODEL}@{copy}", models_dir=models)
    copy.write_bytes(copy.read_bytes()[:-4] + b"\x00\x00\x00\x3f")
    assert not registry.is_prepared(spec.name, models_dir=models)
    assert prepare(spec.name, models_dir=models).fingerprint != spec.fingerprint


def test_another_size_of_its_input_is_another_encoder(checkpoint):
    files = timm_models._Files(checkpoint)
    found = []
    for size in (None, 160, 96):
        asked = Timm(MODEL, size, checkpoint)
        loaded = timm_models._load(asked, MODEL, files)
        found.append(timm_models._spec(asked, loaded, files))
    assert [spec.input_size for spec in found] == [160, 160, 96]
    assert found[0].fingerprint == found[1].fingerprint != found[2].fingerprint
