"""What all faces share, to dlib's encoder: the mean embedding of many people.

The people themselves do not ship, not even as embeddings: those of a face identify somebody.
"""

from __future__ import annotations

import json
from base64 import b64decode
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from recognition.core.types import Matrix

_VERSION = 1


def mean_face() -> Matrix:
    """Read the mean of 82 people's embeddings, float32 ``(1, 128)``, shorter than one.

    One photo of each, of those that public packages carry.
    """
    data = _data()
    return np.frombuffer(b64decode(data["centre"]), "<f4").reshape(1, data["dimension"]).copy()


def mean_face_sources() -> dict[str, int]:
    """Name the packages that the photos come from, with the number of people in each."""
    return {group["source"]: group["people"] for group in _data()["people"]}


@cache
def _data() -> dict[str, Any]:
    file = resources.files(__package__) / "mean_face.json"
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if data["version"] != _VERSION:
        raise ValueError("The mean face is of another version.")
    return data
