"""An encoder of any of open_clip's architectures, with weights made for the occasion."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recognition.encoders.clip.loading import import_open_clip


@contextmanager
def made(architecture: str) -> Iterator[tuple[str, Path]]:
    """Its name, and a models folder; speed does not depend on what the weights are.

    ``architecture`` may have a precision behind it, as an encoder's name: ``ViT-B-32+bf16``.
    """
    import torch
    from safetensors.torch import save_file

    with tempfile.TemporaryDirectory(prefix="oneshot-architecture-") as folder:
        torch.manual_seed(0)
        architecture, *precision = architecture.split("+")
        checkpoint = Path(folder) / "weights.safetensors"
        save_file(import_open_clip().create_model(architecture).state_dict(), checkpoint)
        name = "+".join([f"open_clip:{architecture}@{checkpoint}", *precision])
        yield name, Path(folder) / "models"
