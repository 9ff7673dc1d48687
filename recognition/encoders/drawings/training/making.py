"""The weights from a seed to the file that is shipped, with where they are from."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from recognition.core.errors import EncoderError
from recognition.encoders.digests import digest_file
from recognition.encoders.drawings import ink, preparing
from recognition.encoders.drawings.encoder import DrawingsEncoder
from recognition.encoders.drawings.shipped import PROVENANCE, WEIGHTS, find_weights
from recognition.encoders.drawings.training.exporting import export
from recognition.encoders.drawings.training.judging import Judged, judge
from recognition.encoders.drawings.training.learning import (
    Progress,
    Recipe,
    has_fast_bfloat16,
    train,
)
from recognition.encoders.drawings.training.whitening import whiten

REQUIRED_COSINE = 0.9999
"""Between what torch and ONNX Runtime make of the same looks, as for all encoders."""

WHITENED = 8
"""Classes from which rows are whitened, for one of a batch: five rows for each of their numbers."""

COMMAND = "manage.py encoder train drawings"
CHECKPOINT = "training.pt"


def make_weights(recipe: Recipe, folder: Path, progress: Progress) -> Judged:
    """Train, export, check and judge the drawings encoder; write it with its provenance.

    A run that was broken off is taken up where ``folder`` holds its checkpoint, which is removed at
    the end. On other processors and with other versions, sums are rounded otherwise: the weights
    are as good, but not the same to the last bit. Raises EncoderError where ONNX Runtime makes
    something else of them than torch does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network = train(recipe, folder / CHECKPOINT, progress)
    whitenings = whiten(network, recipe.seed, WHITENED * recipe.classes)
    cosine = export(network, whitenings, folder / WEIGHTS)
    if cosine < REQUIRED_COSINE:
        raise EncoderError(f"ONNX Runtime differs from torch: cosine {cosine:.6f}.")
    digest = digest_file(folder / WEIGHTS)
    made = {
        "sha256": digest,
        "command": f"{COMMAND} --seed {recipe.seed} --steps {recipe.steps}",
        "recipe": asdict(recipe),
        "drawn": "by the project's own generator; no photographs, no data set",
        "preparation": {"ink": ink.VERSION, "looks": preparing.VERSION},
        "precision": "bfloat16" if has_fast_bfloat16() else "float32",
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "onnx", "onnxruntime", "torch")},
        },
        "parity": {"engine": "onnxruntime", "lowest_cosine": round(cosine, 6)},
        "licence": "Apache-2.0",
    }
    path = folder / PROVENANCE
    path.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    judged = judge(DrawingsEncoder(find_weights(folder), threads=1))
    made["held_out_classes_of_the_generator"] = {
        "characters_20_way_one_shot": round(judged.characters, 4),
        "signatures_equal_error_rate": round(judged.signatures, 4),
    }
    path.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    (folder / CHECKPOINT).unlink(missing_ok=True)
    return judged
