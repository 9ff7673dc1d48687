"""The weights that come with the package, and where they are from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recognition.core.errors import WeightsDamaged, WeightsUnavailable
from recognition.core.program import PROGRAM
from recognition.encoders.digests import digest_file, digest_json
from recognition.encoders.drawings import ink, preparing

SHIPPED = Path(__file__).parent / "weights"
WEIGHTS = "drawings.onnx"
PROVENANCE = "provenance.json"


@dataclass(frozen=True)
class Weights:
    """One file for ONNX Runtime, and what identifies the embeddings that come of it."""

    path: Path
    fingerprint: str
    provenance: dict[str, Any]


def find_weights(folder: Path = SHIPPED) -> Weights:
    """Find the weights in ``folder``, checked. Raises WeightsUnavailable where they are not as they
    were made.
    """
    path = folder / WEIGHTS
    try:
        provenance = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
        digest = digest_file(path)
    except (OSError, ValueError) as error:
        raise WeightsUnavailable(
            f"The drawings encoder's weights cannot be read: {error}"
        ) from error
    if digest != provenance.get("sha256"):
        raise WeightsDamaged(
            f"{path} is damaged: its SHA-256 is not that of {PROVENANCE}. Install the package "
            f"again, or make the weights anew: {PROGRAM} encoder train drawings."
        )
    identity = {
        "weights": digest,
        "ink": ink.VERSION,
        "looks": preparing.VERSION,
    }
    return Weights(path, digest_json(identity), provenance)
