"""The bundled encoder on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from recognition.encoders import registry
from recognition.encoders.protocol import Encoder


@pytest.fixture(scope="session")
def onnx(models_dir: Path) -> Encoder:
    return registry.get_encoder("bundled", models_dir=models_dir, engine="onnx", threads=1)


@pytest.fixture(scope="session")
def torch(models_dir: Path) -> Encoder:
    return registry.get_encoder(
        "bundled", models_dir=models_dir, engine="torch", device="cpu", threads=1
    )
