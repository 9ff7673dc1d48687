"""The bundled encoder behind a queue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recognition.encoders import registry
from recognition.encoders.batching.queued_encoder import QueuedEncoder, QueueLimits
from recognition.encoders.protocol import DualEncoder


@pytest.fixture(scope="session")
def dual_encoder(models_dir: Path) -> DualEncoder:
    return registry.get_encoder("bundled", models_dir=models_dir, engine="onnx", threads=1)


@pytest.fixture
def queued(dual_encoder: DualEncoder) -> Iterator[QueuedEncoder]:
    encoder = QueuedEncoder(dual_encoder, QueueLimits(capacity=16, seconds=20))
    yield encoder
    encoder.close()
