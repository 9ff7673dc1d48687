from __future__ import annotations

import shutil

import numpy as np
import pytest

from recognition.core.errors import WeightsUnavailable
from recognition.encoders import registry
from recognition.encoders.clip.loading import import_open_clip
from recognition.encoders.prepare import assemble as assembly
from recognition.encoders.prepare.assemble import assemble, assembled_files, is_assembled
from recognition.encoders.prepare.preparing import prepare
from tests.encoders.conftest import ensure
from tests.encoders.photos import sample


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "bundled"
    folder.mkdir()
    (folder / "of-an-older-recipe").touch()
    prepare("bundled", models_dir=folder.parent)
    return folder


def test_it_is_there_whole_and_nothing_else_is(fresh):
    assert is_assembled(fresh)
    assert not (fresh / "of-an-older-recipe").exists()
    there = {path.name for path in fresh.parent.iterdir()}
    assert there == {"bundled", "onnx", "prepared", ".lock"}


def test_every_assembly_has_one_fingerprint_and_one_space(fresh, bundled):
    again = registry.get_encoder("bundled", models_dir=fresh.parent, device="cpu")
    assert again.spec == bundled.spec
    image, text = [sample("chelsea.png")], ["a cat"]
    np.testing.assert_allclose(again.encode_images(image), bundled.encode_images(image), atol=1e-4)
    np.testing.assert_allclose(again.encode_texts(text), bundled.encode_texts(text), atol=1e-4)


def test_plain_open_clip_loads_it_where_it_was_assembled(fresh, bundled):
    import torch

    open_clip = import_open_clip()
    model, preprocess = open_clip.create_model_from_pretrained(f"local-dir:{fresh}")
    tokenize = open_clip.get_tokenizer(f"local-dir:{fresh}")
    with torch.inference_mode():
        image = model.eval().encode_image(preprocess(sample("coffee.png"))[None], normalize=True)
        text = model.encode_text(tokenize(["coffee"]), normalize=True)
    ours = bundled.encode_images([sample("coffee.png")]), bundled.encode_texts(["coffee"])
    np.testing.assert_allclose(ours[0], image.numpy(), atol=1e-4)
    np.testing.assert_allclose(ours[1], text.numpy(), atol=1e-4)


def test_it_loads_where_it_was_moved_to(fresh, bundled, tmp_path):
    shutil.copytree(fresh, tmp_path / "bundled")
    ensure("bundled", tmp_path)
    moved = registry.get_encoder("bundled", models_dir=tmp_path, device="cpu")
    assert moved.spec == bundled.spec
    assert moved.encode_texts(["a cat"]).shape == (1, 512)


def test_an_older_recipe_is_assembled_anew(fresh, tmp_path, monkeypatch):
    assert not is_assembled(tmp_path)
    monkeypatch.setattr(assembly, "RECIPE", assembly.RECIPE + 1)
    assert not is_assembled(fresh)


def test_a_failed_assembly_leaves_what_was_there(tmp_path, monkeypatch):
    folder = tmp_path / "bundled"
    folder.mkdir()
    (folder / "kept").touch()
    monkeypatch.setattr(assembly.image_weights, "weights_path", lambda: tmp_path / "gone.pth")
    with pytest.raises(OSError, match="gone"):
        assemble(folder)
    assert [path.name for path in tmp_path.rglob("*")] == ["bundled", "kept"]


def test_a_damaged_one_is_refused(fresh, tmp_path):
    shutil.copytree(fresh, tmp_path / "bundled")
    with (tmp_path / "bundled" / assembly.WEIGHTS).open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x7f")
    with pytest.raises(WeightsUnavailable, match="damaged"):
        assembled_files(tmp_path / "bundled")
