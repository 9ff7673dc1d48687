"""The padding of timm's "same" convolutions, fixed for one size of input."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import torch
from timm.layers.conv2d_same import Conv2dSame
from timm.layers.padding import get_same_padding
from torch import Size, Tensor, nn


@contextmanager
def fixed_padding(tower: nn.Module, example: Tensor) -> Iterator[None]:
    """Let each convolution pad by what the example's size asks for.

    Traced as it is, the arithmetic that finds the padding would stay in the graph and be done again
    for each image.
    """
    sizes = _input_sizes(tower, example)
    for convolution, size in sizes.items():
        convolution.forward = partial(_padded, convolution, _padding(convolution, size))  # type: ignore[method-assign]
    try:
        yield
    finally:
        for convolution in sizes:
            del convolution.forward


def _input_sizes(tower: nn.Module, example: Tensor) -> dict[Conv2dSame, Size]:
    sizes: dict[Conv2dSame, Size] = {}

    def note(convolution: Conv2dSame, inputs: tuple[Tensor]) -> None:
        sizes[convolution] = inputs[0].shape[-2:]

    found = [module for module in tower.modules() if isinstance(module, Conv2dSame)]
    hooks = [module.register_forward_pre_hook(note) for module in found]
    try:
        with torch.inference_mode():
            tower(example)
    finally:
        for hook in hooks:
            hook.remove()
    return sizes


def _padding(convolution: Conv2dSame, size: Size) -> list[int]:
    """Left, right, top, bottom, in pixels."""
    height, width = (
        get_same_padding(length, kernel, stride, dilation)
        for length, kernel, stride, dilation in zip(
            size, convolution.kernel_size, convolution.stride, convolution.dilation, strict=True
        )
    )
    return [width // 2, width - width // 2, height // 2, height - height // 2]


def _padded(convolution: Conv2dSame, padding: list[int], inputs: Tensor) -> Tensor:
    """Where the value is written out, ONNX Runtime makes one step of the two."""
    return nn.functional.conv2d(
        nn.functional.pad(inputs, padding, value=0.0),
        convolution.weight,
        convolution.bias,
        convolution.stride,
        0,
        convolution.dilation,
        convolution.groups,
    )
