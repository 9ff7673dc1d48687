"""A small residual network that looks at a drawing on a square and on a wide canvas."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, prod

import torch
from torch import Tensor, nn
from torch.nn import functional

from recognition.encoders.drawings.canvases import DIMENSION, SQUARE, WIDE, Canvas


@dataclass(frozen=True)
class Widths:
    """Channels of each stage; each halves the sides of the one before it."""

    stem: int = 32
    first: int = 96
    second: int = 192
    head: int = 64


class _Residual(nn.Module):
    """Two convolutions around which the input passes (He et al. 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            _convolution(channels, channels, 1),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, images: Tensor) -> Tensor:
        return functional.relu(images + self.inner(images), inplace=True)


def _convolution(inputs: int, outputs: int, stride: int, size: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Head(nn.Module):
    """A head to which it matters where on the canvas something is: each place has weights of its
    own.
    """

    def __init__(self, inputs: int, channels: int, canvas: Canvas) -> None:
        super().__init__()
        places = prod(ceil(side / 8) for side in canvas)
        self.reduce = _convolution(inputs, channels, 1, 1)
        self.project = nn.Linear(channels * places, DIMENSION // 2)

    def forward(self, features: Tensor) -> Tensor:
        flat: Tensor = self.project(self.reduce(features).flatten(1))
        return flat


class DrawingsNetwork(nn.Module):
    """Ink (n, 1, height, width) in [0, 1] on either canvas to rows (n, 256), not normalised."""

    def __init__(self, widths: Widths = Widths()) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            _convolution(1, widths.stem, 2, 5),
            _Residual(widths.stem),
            _convolution(widths.stem, widths.first, 2),
            _Residual(widths.first),
            _convolution(widths.first, widths.second, 2),
            _Residual(widths.second),
        )
        self.heads = nn.ModuleDict(
            {
                canvas_key(canvas): Head(widths.second, widths.head, canvas)
                for canvas in (SQUARE, WIDE)
            }
        )

    def forward(self, ink: Tensor) -> Tensor:
        key = canvas_key((int(ink.shape[2]), int(ink.shape[3])))
        rows: Tensor = self.heads[key](self.trunk(ink))
        return rows


def canvas_key(canvas: Canvas) -> str:
    """Return the name of the head of a canvas."""
    return "square" if canvas == SQUARE else "wide"


def as_ink(drawings: Tensor) -> Tensor:
    """Turn drawings (n, height, width) of bytes into what the network takes."""
    return drawings.float().div_(255.0).unsqueeze(1).contiguous(memory_format=torch.channels_last)
