"""What is exported, when it is refused, and which engine runs an encoder then."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from recognition.core.errors import EngineUnavailable, WeightsUnavailable
from recognition.encoders import registry
from recognition.encoders.clip.torch_encoder import OpenClipEncoder
from recognition.encoders.names import parse_name
from recognition.encoders.onnx.encoder import OnnxEncoder
from recognition.encoders.onnx.exported import IMAGE_TOWER, export_folder, read_export
from recognition.encoders.prepare import export as exporting
from recognition.encoders.prepare.hub import Hub
from recognition.encoders.prepare.preparing import ensure_prepared, prepare
from tests.encoders.conftest import ensure
from tests.encoders.photos import sample

LONG = "motorcycle " * 200


@pytest.fixture
def prepared(tiny_name, tmp_path):
    return ensure_prepared(parse_name(tiny_name), models_dir=tmp_path, hub=Hub(tmp_path / "hub"))


def test_a_prepared_encoder_runs_on_onnx_runtime_with_the_same_fingerprint(tiny_name, tmp_path):
    spec = prepare(tiny_name, models_dir=tmp_path)
    assert registry.why_not_onnx(tiny_name, models_dir=tmp_path) is None
    onnx = registry.get_encoder(tiny_name, models_dir=tmp_path, device="cpu")
    torch = registry.get_encoder(tiny_name, models_dir=tmp_path, device="cpu", engine="torch")
    assert isinstance(onnx, OnnxEncoder)
    assert isinstance(torch, OpenClipEncoder)
    assert onnx.spec == torch.spec == spec
    texts = ["a cat", "A red CAT's photo, 42 &amp; more", "naïve café 日本", LONG]
    for text in texts:
        [ours], [theirs] = onnx.encode_texts([text]), torch.encode_texts([text])
        assert ours @ theirs >= 0.9999
    photos = [sample("chelsea.png"), sample("rocket.jpg")]
    assert ((onnx.encode_images(photos) * torch.encode_images(photos)).sum(1) >= 0.9999).all()


def test_an_export_that_differs_is_refused_and_torch_is_used(
    prepared, tiny_name, tmp_path, monkeypatch, caplog
):
    write = exporting._write

    def write_shifted(loaded, folder):
        exported = write(loaded, folder)
        squashed = replace(exported.preprocessing, resize_mode="squash")
        return replace(exported, preprocessing=squashed)

    monkeypatch.setattr(exporting, "_write", write_shifted)
    prepare(tiny_name, models_dir=tmp_path)
    assert "differ from torch" in registry.why_not_onnx(tiny_name, models_dir=tmp_path)
    assert not list(export_folder(tmp_path, prepared.spec.fingerprint).glob("*.onnx"))
    encoder = registry.get_encoder(tiny_name, models_dir=tmp_path, device="cpu")
    assert isinstance(encoder, OpenClipEncoder)
    assert "runs on torch" in caplog.text
    with pytest.raises(EngineUnavailable, match="differ from torch"):
        registry.get_encoder(tiny_name, models_dir=tmp_path, device="cpu", engine="onnx")


def test_an_encoder_that_was_not_exported_runs_on_torch(prepared, tiny_name, tmp_path):
    assert isinstance(
        registry.get_encoder(tiny_name, models_dir=tmp_path, device="cpu"), OpenClipEncoder
    )
    assert "not exported yet" in registry.why_not_onnx(tiny_name, models_dir=tmp_path)


def test_onnx_runtime_is_not_for_cuda(tiny_name, tmp_path):
    ensure(tiny_name, tmp_path)
    with pytest.raises(EngineUnavailable, match="choose torch"):
        registry.get_encoder(tiny_name, models_dir=tmp_path, device="cuda", engine="onnx")


def test_an_export_of_another_format_or_with_a_file_missing_counts_for_nothing(
    tiny_name, exported, tmp_path
):
    spec = prepare(tiny_name, models_dir=tmp_path)
    folder = export_folder(tmp_path, spec.fingerprint)
    record = folder / "export.json"
    whole = record.read_text()
    record.write_text(json.dumps(json.loads(whole) | {"format": 0}))
    assert read_export(tmp_path, spec.fingerprint) is None
    record.write_text(whole)
    assert read_export(tmp_path, spec.fingerprint)
    (folder / IMAGE_TOWER).unlink()
    assert read_export(tmp_path, spec.fingerprint) is None


def test_a_damaged_tower_is_refused(tiny_name, exported, tmp_path):
    spec = prepare(tiny_name, models_dir=tmp_path)
    path = export_folder(tmp_path, spec.fingerprint) / IMAGE_TOWER
    path.write_bytes(path.read_bytes()[:5000])
    encoder = registry.get_encoder(tiny_name, models_dir=tmp_path, device="cpu", engine="onnx")
    with pytest.raises(WeightsUnavailable, match="is damaged"):
        encoder.encode_images([sample("chelsea.png")])


def test_texts_are_padded_to_the_longest_of_their_batch(onnx):
    assert onnx._tokenize(["a cat", "a cat on a mat"]).shape == (2, 7)
    assert onnx._tokenize([LONG]).shape == (1, 77)
    np.testing.assert_array_equal(onnx._tokenize(["a cat"])[0], onnx._tokenize(["A  cat"])[0])
