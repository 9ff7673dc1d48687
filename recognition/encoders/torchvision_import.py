"""Import torchvision where its compiled operators do not match torch."""

from __future__ import annotations

from functools import cache
from typing import Any

_SCHEMA = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_OPERATORS = ("nms", "qnms")


@cache
def import_torchvision() -> None:
    """Import torchvision, which open_clip takes its image transforms from.

    A torchvision wheel built for another torch (a CPU torch beside the default wheel) cannot load
    its operators and then fails on describing two of them, which CLIP never calls. Only in that
    case are their schemas declared, and the import repeated.
    """
    import torch

    try:
        import torchvision  # noqa: F401  what fails is the import
    except RuntimeError as error:
        if "torchvision::" not in str(error):
            raise
        library_class: Any = torch.library.Library
        library = library_class("torchvision", "DEF")
        for operator in _OPERATORS:
            library.define(operator + _SCHEMA)
        _declared.append(library)
        import torchvision  # noqa: F401


# torch withdraws the schemas of a library that is garbage-collected.
_declared: list[object] = []
