"""An encoder of any of open_clip's architectures, with weights made for the occasion."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recognition.encoders.loading import import_open_clip


@contextmanager
def made(architecture: str) -> Iterator[tuple[str, Path]]:
    """Its name, and a models folder; speed does not depend on what the weights are."""
    import torch
    from safetensors.torch import save_file

    with tempfile.TemporaryDirectory(prefix="oneshot-architecture-") as folder:
        torch.manual_seed(0)
        checkpoint = Path(folder) / "weights.safetensors"
        save_file(import_open_clip().create_model(architecture).state_dict(), checkpoint)
        yield f"open_clip:{architecture}@{checkpoint}", Path(folder) / "models"
