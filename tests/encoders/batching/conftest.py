"""The bundled encoder behind a queue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recognition.encoders import registry
from recognition.encoders.batching.queued_encoder import Load, QueuedEncoder
from recognition.encoders.protocol import Towers


@pytest.fixture(scope="session")
def towers(models_dir: Path) -> Towers:
    return registry.get_encoder("bundled", models_dir=models_dir, engine="onnx", threads=1)


@pytest.fixture
def queued(towers: Towers) -> Iterator[QueuedEncoder]:
    encoder = QueuedEncoder(towers, Load(capacity=16, seconds=20))
    yield encoder
    encoder.close()
