"""Where the files of an encoder are, after they were fetched or assembled if need be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import assert_never

from recognition.core.errors import UnknownEncoder, WeightsUnavailable
from recognition.encoders.clip.loading import import_open_clip
from recognition.encoders.files import CONFIG, ModelFiles
from recognition.encoders.names import (
    Bundled,
    Checkpoint,
    HubRepository,
    Pretrained,
    WholeName,
)
from recognition.encoders.prepare.assemble import assemble, assembled_files, is_assembled
from recognition.encoders.prepare.hub import Hub

_WEIGHTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
_SIDE_FILES = ("*.json", "*.txt", "*.model")


def locate(name: WholeName, *, models_dir: Path, hub: Hub) -> ModelFiles:
    """Raises UnknownEncoder for a name of nothing, WeightsUnavailable for weights not there."""
    match name:
        case Bundled():
            return _bundled(models_dir / str(name))
        case Checkpoint():
            return _checkpoint(name)
        case Pretrained():
            return _pretrained(name, hub)
        case HubRepository():
            return _hub_repository(name, hub)
    assert_never(name)


def _bundled(folder: Path) -> ModelFiles:
    if not is_assembled(folder):
        assemble(folder)
    return assembled_files(folder)


def _checkpoint(name: Checkpoint) -> ModelFiles:
    _require_architecture(name.architecture)
    if not name.path.is_file():
        raise WeightsUnavailable(f"There is no checkpoint {name.path}.")
    return ModelFiles(name.path, architecture=name.architecture)


def _pretrained(name: Pretrained, hub: Hub) -> ModelFiles:
    _require_architecture(name.architecture)
    open_clip = import_open_clip()
    known = open_clip.get_pretrained_cfg(name.architecture, name.tag)
    if not known:
        tags = ", ".join(open_clip.list_pretrained_tags_by_model(name.architecture)) or "none"
        raise UnknownEncoder(f"{name.architecture} has no tag {name.tag!r}; it has {tags}.")
    repository, _, file = known["hf_hub"].rpartition("/")
    names = (str(Path(file).with_suffix(".safetensors")), file) if file else _WEIGHTS
    checkpoint = hub.fetch(repository, names)
    return ModelFiles(checkpoint, architecture=name.architecture, pretrained=known)


def _hub_repository(name: HubRepository, hub: Hub) -> ModelFiles:
    config = hub.fetch(name.repository, [CONFIG])
    if "model_cfg" not in json.loads(config.read_text()):
        raise UnknownEncoder(f"{name.repository} on the Hugging Face hub is no open_clip model.")
    checkpoint = hub.fetch(name.repository, _WEIGHTS)
    folder = hub.fetch_all(name.repository, _SIDE_FILES)
    return ModelFiles(checkpoint, folder=folder)


def _require_architecture(architecture: str) -> None:
    if import_open_clip().get_model_config(architecture) is None:
        raise UnknownEncoder(f"open_clip has no architecture {architecture!r}.")
