"""An encoder whose files or embeddings are not what they were serves nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognition.core.errors import WeightsDamaged
from recognition.encoders import registry
from recognition.encoders.onnx.exported import (
    IMAGE_TOWER,
    TOKENIZER,
    Exported,
    read_export,
    read_undamaged,
)
from recognition.encoders.prepare.preparing import prepare
from recognition.services.encoders import gallery_encoders, warm_up
from recognition.services.encoders.canary import canary_path

PAGE = 4096


@pytest.fixture
def own_models(models_dir: Path, tmp_path: Path) -> Path:
    """Models that a test may damage."""
    return Path(shutil.copytree(models_dir, tmp_path / "models"))


def bundled(models: Path, engine: str):
    return registry.get_encoder("bundled", models_dir=models, engine=engine, device="cpu")


def folder_of(models: Path) -> Path:
    exported = read_export(models, bundled(models, "onnx").spec.fingerprint)
    assert isinstance(exported, Exported)
    return exported.folder


def zero_pages(path: Path, *, pages: int) -> None:
    """What a disk that lost some blocks gives back."""
    with path.open("r+b") as file:
        size = path.stat().st_size // PAGE
        for page in np.linspace(size // 4, size - 2, pages, dtype=int):
            file.seek(int(page) * PAGE)
            file.write(b"\0" * PAGE)


def test_a_tower_with_zeroed_pages_is_refused(own_models):
    zero_pages(folder_of(own_models) / IMAGE_TOWER, pages=60)
    encoder = bundled(own_models, "onnx")
    with pytest.raises(WeightsDamaged, match="SHA-256"):
        encoder.encode_images([Image.new("RGB", (64, 64))])


def test_a_tokenizer_that_was_changed_is_refused(own_models):
    path = folder_of(own_models) / TOKENIZER
    path.write_text(path.read_text().replace('"cat"', '"tac"', 1))
    with pytest.raises(WeightsDamaged, match=TOKENIZER):
        bundled(own_models, "onnx").encode_texts(["a cat"])


def test_torch_refuses_a_checkpoint_that_changed_after_it_was_recorded(own_models):
    encoder = bundled(own_models, "torch")
    [weights] = (own_models / "bundled").glob("*.safetensors")
    zero_pages(weights, pages=60)
    with pytest.raises(WeightsDamaged, match="SHA-256"):
        encoder.encode_images([Image.new("RGB", (64, 64))])


def test_a_damaged_export_is_made_anew_when_it_is_prepared_again(own_models):
    folder, fingerprint = folder_of(own_models), bundled(own_models, "onnx").spec.fingerprint
    assert isinstance(read_undamaged(own_models, fingerprint), Exported)
    path = folder / TOKENIZER
    path.write_text(path.read_text() + " ")
    assert read_undamaged(own_models, fingerprint) is None


def test_faces_refuse_a_damaged_network(domains, tmp_path):
    own = Path(shutil.copytree(domains, tmp_path / "faces-models"))
    [network] = (own / "faces").glob("*/embedding.onnx")
    zero_pages(network, pages=60)
    with pytest.raises(WeightsDamaged, match="SHA-256"):
        registry.get_encoder("faces", models_dir=own)


def test_surfaces_refuse_a_damaged_trunk(tmp_path):
    prepare("surfaces", models_dir=tmp_path)
    [trunk] = (tmp_path / "onnx").glob(f"*/{IMAGE_TOWER}")
    zero_pages(trunk, pages=60)
    encoder = registry.get_encoder("surfaces", models_dir=tmp_path)
    with pytest.raises(WeightsDamaged, match="SHA-256"):
        encoder.encode_images([Image.new("RGB", (300, 300), "grey")])


@pytest.mark.django_db
def test_an_encoder_whose_canary_embedding_has_changed_is_refused(
    own_models, settings, monkeypatch, as_alice, gallery
):
    settings.RECOGNITION = {**settings.RECOGNITION, "models_dir": own_models}
    monkeypatch.setattr(gallery_encoders, "_refused", {})
    path = canary_path(bundled(own_models, "auto").spec, own_models)
    np.save(path, np.roll(np.load(path), 1, axis=1))
    with pytest.raises(WeightsDamaged, match="canary"):
        warm_up.warm_up()
    answer = as_alice.post("/api/v1/embed/", {"text": "a cat"})
    assert (answer.status_code, answer.json()["code"]) == (503, "encoder_weights_damaged")
    assert int(answer["Retry-After"]) > 0
