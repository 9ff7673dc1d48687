"""Encoders in reduced precision are others, and say so."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from recognition.core.errors import EngineUnavailable, UnknownEncoder
from recognition.encoders import engines, registry
from recognition.encoders.clip.pixel_encoder import SHAPES, PixelEncoder, filled
from recognition.encoders.clip.torch_encoder import OpenClipEncoder
from recognition.encoders.names import parse_name
from recognition.encoders.onnx.encoder import OnnxEncoder
from recognition.encoders.onnx.exported import IMAGE_TOWER, export_folder, read_export
from recognition.encoders.prepare import quantise
from recognition.encoders.prepare.hub import Hub
from recognition.encoders.prepare.preparing import ensure_prepared, prepare
from tests.encoders.conftest import TINY
from tests.encoders.photos import sample

PHOTOS = ("chelsea.png", "coffee.png", "rocket.jpg")
PRECISIONS = ("int8", "bf16")


@pytest.fixture(scope="module")
def prepared(tiny_checkpoint, tiny_export, tmp_path_factory):
    """A tiny encoder, whole and in each precision: the folder, and the whole one's name."""
    models_dir = tmp_path_factory.mktemp("models")
    shutil.copytree(tiny_export, models_dir / "onnx")
    name = f"open_clip:{TINY}@{tiny_checkpoint}"
    for each in (name, *(f"{name}+{precision}" for precision in PRECISIONS)):
        prepare(each, models_dir=models_dir)
    return models_dir, name


def encoder_of(prepared, suffix="", **options):
    models_dir, name = prepared
    return registry.get_encoder(f"{name}{suffix}", models_dir=models_dir, device="cpu", **options)


def cosines(one, other):
    return (one * other).sum(axis=1)


def test_a_reduced_encoder_has_its_own_name_and_fingerprint(prepared):
    models_dir, name = prepared
    specs = [encoder_of(prepared, suffix).spec for suffix in ("", "+int8", "+bf16")]
    assert [spec.name for spec in specs] == [name, f"{name}+int8", f"{name}+bf16"]
    assert len({spec.fingerprint for spec in specs}) == 3
    assert len({spec.dimension for spec in specs}) == 1
    general = {spec for spec in registry.installed(models_dir) if spec.reads_texts}
    assert set(specs) == general
    assert registry.is_prepared(f"{name}+int8", models_dir=models_dir)


@pytest.mark.parametrize("name", ["bundled+int4", "bundled+int8+int8", "bundled+", "+int8"])
def test_another_precision_is_unknown(name):
    with pytest.raises(UnknownEncoder):
        parse_name(name)


def test_a_transformer_in_8_bits_embeds_almost_the_same(prepared):
    whole, reduced = encoder_of(prepared), encoder_of(prepared, "+int8")
    assert isinstance(reduced, OnnxEncoder)
    photos = [sample(name) for name in PHOTOS]
    found = cosines(reduced.encode_images(photos), whole.encode_images(photos))
    assert 0.98 < found.min() < 1 - 1e-6
    texts = ["a cat", "a cup of coffee"]
    assert cosines(reduced.encode_texts(texts), whole.encode_texts(texts)).min() > 0.98


def test_a_convolutional_tower_in_8_bits_is_half_as_large(models_dir, bundled):
    prepare("bundled+int8", models_dir=models_dir)
    reduced = registry.get_encoder("bundled+int8", models_dir=models_dir, threads=1)
    small, large = (
        (export_folder(models_dir, each.spec.fingerprint) / IMAGE_TOWER).stat().st_size
        for each in (reduced, bundled)
    )
    assert small < 0.5 * large
    photos = [sample(name) for name in PHOTOS]
    assert cosines(reduced.encode_images(photos), bundled.encode_images(photos)).min() > 0.95
    assert 0.9 < registry.kept_by_precision("bundled+int8", models_dir=models_dir) < 1
    assert registry.kept_by_precision("bundled", models_dir=models_dir) is None


def test_a_tower_that_8_bits_spoil_is_refused(prepared, monkeypatch):
    models_dir, name = prepared
    whole = encoder_of(prepared)
    spoilt = replace(whole.spec, fingerprint="spoilt")
    monkeypatch.setattr(quantise, "REQUIRED_COSINE", 1.0)
    exported = read_export(models_dir, whole.spec.fingerprint)
    refused = quantise.quantise(spoilt, exported, models_dir=models_dir)
    assert "in 8 bits its embeddings are others" in refused.reason
    assert read_export(models_dir, "spoilt") == refused
    fresh = models_dir.with_name("fresh")
    shutil.copytree(models_dir, fresh)
    shutil.rmtree(export_folder(fresh, encoder_of(prepared, "+int8").spec.fingerprint))
    with pytest.raises(EngineUnavailable, match="cannot be had: in 8 bits"):
        prepare(f"{name}+int8", models_dir=fresh)


def test_bf16_runs_on_torch_from_pixels(prepared):
    reduced, whole = encoder_of(prepared, "+bf16"), encoder_of(prepared, engine="torch")
    assert isinstance(reduced, PixelEncoder)
    models_dir, _ = prepared
    assert "no bf16" in registry.why_not_onnx(reduced.spec.name, models_dir=models_dir)
    photos = [sample(name) for name in PHOTOS]
    found = cosines(reduced.encode_images(photos), whole.encode_images(photos))
    assert 0.99 < found.min() < 1 - 1e-7
    crops = [reduced.crop(photo) for photo in photos]
    np.testing.assert_array_equal(reduced.encode_crops(crops), reduced.encode_images(photos))
    assert cosines(reduced.encode_texts(["a cat"]), whole.encode_texts(["a cat"])).min() > 0.99


@pytest.mark.parametrize(("precision", "engine"), [("int8", "torch"), ("bf16", "onnx")])
def test_a_reduced_encoder_runs_on_no_engine_but_its_own(prepared, precision, engine):
    with pytest.raises(EngineUnavailable):
        encoder_of(prepared, f"+{precision}", engine=engine)


def test_what_was_not_exported_is_not_run_from_pixels(tiny_name, tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "has_cuda", lambda device: True)
    for name in (tiny_name, f"{tiny_name}+bf16"):
        ensure_prepared(parse_name(name), models_dir=tmp_path, hub=Hub(tmp_path / "hub"))
    found = registry.get_encoder(tiny_name, models_dir=tmp_path)
    assert type(found) is OpenClipEncoder
    with pytest.raises(EngineUnavailable, match="prepare it"):
        registry.get_encoder(f"{tiny_name}+bf16", models_dir=tmp_path)


def test_where_there_is_a_gpu_an_exported_encoder_runs_from_pixels(prepared, monkeypatch):
    models_dir, name = prepared
    monkeypatch.setattr(engines, "has_cuda", lambda device: True)
    found = registry.get_encoder(name, models_dir=models_dir, device="auto", threads=2)
    assert isinstance(found, PixelEncoder)
    photos = [sample(name) for name in PHOTOS]
    whole = encoder_of(prepared, engine="torch").encode_images(photos)
    assert cosines(found.encode_images(photos), whole).min() > 0.9999


@pytest.mark.parametrize(("given", "expected"), [(1, 1), (3, 4), (32, 32), (129, 256)])
def test_batches_are_filled_up_to_few_shapes(given, expected):
    crops = [np.full((2, 2, 3), number, np.uint8) for number in range(given)]
    full = filled(crops, pinned=False).numpy()
    assert len(full) == expected in SHAPES
    np.testing.assert_array_equal(full[:given], np.stack(crops))
    assert not full[given:].any()
