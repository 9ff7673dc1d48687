"""Assemble the bundled encoder, once, into a folder that open_clip loads as ``local-dir:``."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recognition.core.errors import WeightsUnavailable
from recognition.encoders.bundled import image_weights, projection, text_tower
from recognition.encoders.bundled.class_texts import embed_classes, imagenet_classes
from recognition.encoders.bundled.recipe import RECIPE
from recognition.encoders.digests import digest_file, digest_json
from recognition.encoders.files import CONFIG, ModelFiles
from recognition.encoders.prepare.staging import put_in_place, staged_folder
from recognition.encoders.torchvision_import import import_torchvision

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = "open_clip_model.safetensors"
PROVENANCE = "provenance.json"
_CONTEXT_LENGTH = 77


def is_assembled(folder: Path) -> bool:
    """Whether the folder holds what this recipe makes."""
    try:
        provenance = json.loads((folder / PROVENANCE).read_text())
    except (OSError, ValueError):
        return False
    return bool(provenance["recipe"] == RECIPE) and (folder / WEIGHTS).is_file()


def assembled_files(folder: Path) -> ModelFiles:
    """What was assembled in the folder. Raises WeightsUnavailable where it is damaged."""
    provenance = json.loads((folder / PROVENANCE).read_text())
    weights = folder / WEIGHTS
    if digest_file(weights) != provenance["weights"]:
        raise WeightsUnavailable(f"{weights} is damaged; remove its folder and prepare it again.")
    return ModelFiles(weights, folder=folder, identity=provenance["identity"])


def assemble(folder: Path) -> None:
    """Build the encoder and put it into ``folder`` in one step; takes less than a minute.

    Whoever calls holds the lock of the models folder.
    """
    import_torchvision()
    with staged_folder(folder) as built:
        _write(built, installed_at=folder)
        put_in_place(built, folder)


def _write(built: Path, *, installed_at: Path) -> None:
    from safetensors.torch import save_file

    sources = image_weights.weights_path(), text_tower.model_path()
    for name in text_tower.TOKENIZER_FILES:
        shutil.copyfile(sources[1] / name, built / name)
    (built / CONFIG).write_text(json.dumps(_config(installed_at), indent=2))
    save_file(_state(*sources), built / WEIGHTS)
    provenance = {
        "recipe": RECIPE,
        "identity": identity(),
        "weights": digest_file(built / WEIGHTS),
    }
    (built / PROVENANCE).write_text(json.dumps(provenance, indent=2))


def identity() -> str:
    """What the weights are made of: the digest of both sources and of the recipe.

    The assembled file itself differs in its last bits from one kind of processor to another; its
    vectors agree, and so must the fingerprint.
    """
    return digest_json(
        {
            "recipe": RECIPE,
            "image": digest_file(image_weights.weights_path()),
            "text": digest_file(text_tower.model_path() / "model.safetensors"),
        }
    )


def _config(folder: Path) -> dict[str, Any]:
    return {
        "model_cfg": {
            "embed_dim": 2 * projection.HALF,
            "vision_cfg": {
                "timm_model_name": "oneshot_conse_efficientnet_lite2",
                "timm_model_pretrained": False,
                "timm_pool": "avg",
                "timm_proj": "none",
                "image_size": 260,
            },
            "text_cfg": {
                "hf_model_name": str(folder.resolve()),
                "hf_tokenizer_name": str(folder.resolve()),
                "hf_model_pretrained": False,
                "hf_pooler_type": "mean_pooler",
                "hf_proj_type": "linear",
                "context_length": _CONTEXT_LENGTH,
            },
        },
        "preprocess_cfg": {
            "mean": [127 / 255] * 3,
            "std": [128 / 255] * 3,
            "interpolation": "bicubic",
            "resize_mode": "shortest",
        },
    }


def _state(image_source: Path, text_source: Path) -> dict[str, Tensor]:
    """The whole open_clip model; the image tower's renamed weights are loaded strictly."""
    import torch

    from recognition.encoders.bundled.image_tower import ConseEfficientNet

    tower = ConseEfficientNet()
    tower.trunk.load_state_dict(image_weights.image_weights(image_source), strict=True)
    embed = text_tower.SentenceEmbedder(text_source)
    projected = projection.project_texts(embed_classes(imagenet_classes(), embed))
    classifier = tower.trunk.get_classifier().weight.detach().double().numpy()
    tower.class_table.copy_(torch.from_numpy(projected.classes))
    tower.whitening.copy_(torch.from_numpy(projection.whiten_features(classifier)))
    directions = torch.zeros(2 * projection.HALF, projected.directions.shape[1])
    directions[: projection.HALF] = torch.from_numpy(projected.directions)
    state = {f"visual.trunk.{key}": value for key, value in tower.state_dict().items()}
    state |= text_tower.text_weights(text_source)
    state["text.proj.weight"] = directions
    state["logit_scale"] = torch.tensor(math.log(projection.logit_scale(projected.classes)))
    return {key: value.contiguous() for key, value in state.items()}
