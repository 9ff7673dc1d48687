"""The bundled encoder, a tiny open_clip model whose weights are written to disk, and a hub."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from recognition.encoders import registry
from recognition.encoders.clip.loading import import_open_clip
from recognition.encoders.clip.records import Prepared
from recognition.encoders.names import parse_name
from recognition.encoders.prepare.hub import Hub
from recognition.encoders.prepare.preparing import ensure_prepared, prepare
from recognition.encoders.protocol import Encoder
from tests.encoders.local_hub import LocalHub

TINY = "oneshot-test-tiny"
TINY_CONFIG = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 64, "layers": 2, "width": 64, "head_width": 32, "patch_size": 16},
    "text_cfg": {
        "context_length": 77,
        "vocab_size": 49408,
        "width": 32,
        "heads": 2,
        "layers": 2,
    },
}


def ensure(name: str, models_dir: Path) -> Prepared:
    """Prepare an encoder without its export, which takes long, and without a network."""
    return ensure_prepared(parse_name(name), models_dir=models_dir, hub=Hub(models_dir / "hub"))


@pytest.fixture(scope="session")
def bundled(models_dir: Path) -> Encoder:
    return registry.get_encoder("bundled", models_dir=models_dir, device="cpu")


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small CLIP that open_clip knows by the name TINY, and its weights in a file."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / f"{TINY}.json").write_text(json.dumps(TINY_CONFIG))
    import_open_clip().add_model_config(folder / f"{TINY}.json")
    return write_tiny_weights(folder / "tiny.safetensors", seed=0)


def write_tiny_weights(path: Path, *, seed: int) -> Path:
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(seed)
    model = import_open_clip().create_model(TINY)
    save_file(model.state_dict(), path)
    return path


@pytest.fixture
def tiny_name(tiny_checkpoint: Path) -> str:
    return f"open_clip:{TINY}@{tiny_checkpoint}"


@pytest.fixture(scope="session")
def tiny_export(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the tiny model's export lies under its fingerprint; it takes long."""
    folder = tmp_path_factory.mktemp("exported")
    prepare(f"open_clip:{TINY}@{tiny_checkpoint}", models_dir=folder)
    return folder / "onnx"


@pytest.fixture
def exported(tiny_export: Path, tmp_path: Path) -> Path:
    """A models folder that has the tiny model's export already, and nothing else."""
    shutil.copytree(tiny_export, tmp_path / "onnx")
    return tmp_path


@pytest.fixture
def local_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    """A hub on this machine; the real client talks to it."""
    from huggingface_hub import constants

    with LocalHub(tmp_path / "served") as hub:
        monkeypatch.setattr(constants, "ENDPOINT", hub.address)
        monkeypatch.setattr(
            constants,
            "HUGGINGFACE_CO_URL_TEMPLATE",
            hub.address + "/{repo_id}/resolve/{revision}/{filename}",
        )
        yield hub
