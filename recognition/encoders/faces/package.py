"""The installed packages that faces come from: dlib, and the models that were trained for it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from recognition.core.errors import WeightsUnavailable

EMBEDDING = "dlib_face_recognition_resnet_model_v1.dat"
DETECTOR = "mmod_human_face_detector.dat"
LANDMARKS = "shape_predictor_5_face_landmarks.dat"
"""The five landmarks; the predictor of 68 in the same package is for research only."""

_MODELS = "face_recognition_models"
_WHERE = (
    "Faces need the packages dlib-bin and face-recognition-models, which exist for Linux on x86-64 "
    "and ARM64, macOS on ARM64 and Windows on x86-64. Everything else works without them."
)


def missing() -> str | None:
    """Say why faces cannot be had on this machine; None where they can. Nothing is imported."""
    if find_spec("dlib") is None:
        return f"The package dlib-bin is not installed. {_WHERE}"
    folder = _folder()
    if folder is None:
        return f"The package face-recognition-models is not installed. {_WHERE}"
    for name in (EMBEDDING, DETECTOR, LANDMARKS):
        if not (folder / name).is_file():
            return f"The package face-recognition-models has no {name}; install it again."
    return None


def model_file(name: str) -> Path:
    """Find one of the models. Raises WeightsUnavailable."""
    if reason := missing():
        raise WeightsUnavailable(reason)
    return (_folder() or Path()) / name


def import_dlib() -> Any:
    """Import dlib. Raises WeightsUnavailable where it is not installed or does not load."""
    if reason := missing():
        raise WeightsUnavailable(reason)
    try:
        import dlib
    except ImportError as error:
        raise WeightsUnavailable(f"dlib does not load here: {error}. {_WHERE}") from error
    return dlib


def _folder() -> Path | None:
    """The package is looked up and never imported: its code wants ``pkg_resources``, which
    setuptools no longer has.
    """
    spec = find_spec(_MODELS)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "models"
