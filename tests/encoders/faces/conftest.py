"""dlib's face encoder, prepared from the installed packages, and photos with faces."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from recognition.encoders.faces.encoder import FaceEncoder, load_faces
from recognition.encoders.faces.package import missing
from recognition.encoders.prepare.faces import prepare_faces
from tests.conftest import MODELS_DIR
from tests.encoders.photos import sample


@pytest.fixture(scope="session")
def face_models() -> Path:
    """The models folder with dlib's face encoder in it; skips where no package has faces."""
    if reason := missing():
        pytest.skip(reason)
    prepare_faces(MODELS_DIR)
    return MODELS_DIR


@pytest.fixture(scope="session")
def faces(face_models: Path) -> FaceEncoder:
    return load_faces(face_models, threads=1)


@pytest.fixture(scope="session")
def astronaut() -> Image.Image:
    """One woman from the front, 93 of 512 pixels wide."""
    return sample("astronaut.png")


@pytest.fixture(scope="session")
def portrait(astronaut: Image.Image) -> Image.Image:
    """Her head and shoulders."""
    return astronaut.crop((120, 0, 330, 260))


@pytest.fixture(scope="session")
def cameraman() -> Image.Image:
    """A man seen from the side, whom only the network finds."""
    return sample("camera.png")
