from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from recognition.encoders.files import CONFIG
from recognition.encoders.names import parse_name
from recognition.encoders.prepare.hub import Hub
from recognition.encoders.prepare.preparing import ensure_prepared, prepare
from tests.encoders.conftest import TINY, TINY_CONFIG, write_tiny_weights


def fingerprint_of(name: str, models_dir: Path) -> str:
    return prepare(name, models_dir=models_dir).fingerprint


@pytest.fixture
def tiny_repository(tmp_path, tiny_checkpoint):
    """A hub model whose files were put in place by hand."""

    def write(owner: str, **preprocessing: object) -> str:
        folder = tmp_path / "models" / "hub" / f"{owner}--tiny"
        folder.mkdir(parents=True)
        config = {"model_cfg": TINY_CONFIG, "preprocess_cfg": preprocessing}
        (folder / CONFIG).write_text(json.dumps(config))
        shutil.copyfile(tiny_checkpoint, folder / "open_clip_model.safetensors")
        hub = Hub(tmp_path / "models" / "hub")
        name = parse_name(f"open_clip:hf-hub:{owner}/tiny")
        return ensure_prepared(name, models_dir=tmp_path / "models", hub=hub).spec.fingerprint

    return write


def test_it_does_not_change_with_the_path(tmp_path, tiny_name, tiny_checkpoint):
    elsewhere = tmp_path / "elsewhere" / "other-name.safetensors"
    elsewhere.parent.mkdir()
    shutil.copyfile(tiny_checkpoint, elsewhere)
    moved = fingerprint_of(f"open_clip:{TINY}@{elsewhere}", tmp_path)
    assert moved == fingerprint_of(tiny_name, tmp_path)


def test_it_changes_with_the_weights(tmp_path, tiny_name):
    other = write_tiny_weights(tmp_path / "other.safetensors", seed=1)
    assert fingerprint_of(f"open_clip:{TINY}@{other}", tmp_path) != fingerprint_of(
        tiny_name, tmp_path
    )


def test_it_changes_with_the_preprocessing_alone(tiny_repository):
    plain = tiny_repository("alice")
    assert tiny_repository("bob") == plain
    assert tiny_repository("charlie", mean=[0.5, 0.5, 0.5]) != plain


def test_it_changes_with_the_architecture_alone(tmp_path, tiny_name, tiny_checkpoint):
    from recognition.encoders.clip.loading import import_open_clip

    quick = tmp_path / f"{TINY}-quickgelu.json"
    quick.write_text(json.dumps(TINY_CONFIG | {"quick_gelu": True}))
    import_open_clip().add_model_config(quick)
    changed = fingerprint_of(f"open_clip:{quick.stem}@{tiny_checkpoint}", tmp_path)
    assert changed != fingerprint_of(tiny_name, tmp_path)


def test_replaced_weights_are_noticed(tmp_path, tiny_checkpoint):
    path = tmp_path / "weights.safetensors"
    shutil.copyfile(tiny_checkpoint, path)
    before = fingerprint_of(f"open_clip:{TINY}@{path}", tmp_path)
    write_tiny_weights(path, seed=2)
    assert fingerprint_of(f"open_clip:{TINY}@{path}", tmp_path) != before


def test_weights_of_the_same_size_and_time_are_not_read_again(tmp_path, tiny_checkpoint):
    path = tmp_path / "weights.safetensors"
    shutil.copyfile(tiny_checkpoint, path)
    before = fingerprint_of(f"open_clip:{TINY}@{path}", tmp_path)
    stat = path.stat()
    path.write_bytes(b"\0" * stat.st_size)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert fingerprint_of(f"open_clip:{TINY}@{path}", tmp_path) == before
