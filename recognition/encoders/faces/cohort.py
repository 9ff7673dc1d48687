"""Embeddings of people who are strangers to every gallery: what a chance likeness of faces is."""

from __future__ import annotations

import json
from base64 import b64decode
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from recognition.core.types import Matrix
from recognition.encoders.normalising import normalise

_VERSION = 1


def cohort_rows() -> Matrix:
    """Read the face cohort of dlib's encoder, L2-normalised float32 ``(n, 128)``.

    One row a person, from photos that public packages carry; the photos are not shipped, and no
    two rows are of one person.
    """
    data = _data()
    rows = np.frombuffer(b64decode(data["rows"]), "<f2").reshape(-1, data["dimension"])
    return normalise(rows.astype(np.float32))


def cohort_sources() -> dict[str, int]:
    """Name the packages that the photos come from, with the number of people in each."""
    return {group["source"]: group["rows"] for group in _data()["groups"]}


@cache
def _data() -> dict[str, Any]:
    file = resources.files(__package__) / "cohort.json"
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if data["version"] != _VERSION:
        raise ValueError("The face cohort is of another version.")
    return data
