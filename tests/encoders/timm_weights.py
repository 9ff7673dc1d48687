"""A small image model of timm, whose weights a test writes to a file."""

from __future__ import annotations

from pathlib import Path

from recognition.encoders.torchvision_import import import_torchvision

MODEL = "test_vit"
"""Of timm's own for tests: 160 pixels, 64 numbers an image."""


def write_weights(path: Path, model: str = MODEL) -> Path:
    import_torchvision()
    import timm
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    save_file(timm.create_model(model).state_dict(), path)
    return path
