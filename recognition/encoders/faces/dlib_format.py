"""Read the networks that dlib has written to a file, without dlib.

dlib writes a network from its input to its output: what each layer does, its parameters, and the
buffers that it trained with (``dlib/dnn/core.h``, ``dlib/dnn/layers.h``, ``dlib/serialize.h``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from recognition.core.errors import WeightsUnavailable

Floats: TypeAlias = NDArray[np.float32]

LARGEST_FILE = 64 * 2**20
"""Bytes; dlib's face networks have 22 MB and less."""

_MOST_STEPS = 10_000
_SPECIAL_EXPONENT = 32_000
"""From here on, dlib's exponents stand for infinities and for what is not a number."""


@dataclass(frozen=True, slots=True)
class Convolution:
    """Filters ``(out, in, height, width)`` and biases ``(out,)``; stride and padding are those of
    rows and of columns alike.
    """

    filters: Floats
    biases: Floats
    stride: int
    padding: int


@dataclass(frozen=True, slots=True)
class Affine:
    """A scale and a shift of each channel, ``(channels,)``: a batch normalisation that is over."""

    scale: Floats
    shift: Floats


@dataclass(frozen=True, slots=True)
class Dense:
    """Weights ``(inputs, outputs)``, without biases."""

    weights: Floats


@dataclass(frozen=True, slots=True)
class Step:
    """A layer without parameters: ``relu``, ``max_pool``, ``avg_pool`` or ``add_prev``."""

    kind: str


Layer: TypeAlias = Convolution | Affine | Dense | Step


@dataclass(frozen=True, slots=True)
class Network:
    """The content of a file: the mean colour that is taken off, red, green and blue of 255, and the
    layers from the input on.
    """

    mean: tuple[float, float, float]
    layers: tuple[Layer, ...]


def read_network(path: Path) -> Network:
    """Read a network with one input of RGB images and a chain of convolutions.

    Raises WeightsUnavailable for a file that is none or that has another kind of layer.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError("it is too large")
        return _Reader(path.read_bytes()).network()
    except (OSError, ValueError, IndexError) as error:
        raise WeightsUnavailable(
            f"{path.name} is not a network that dlib has written: {error}. Install its package "
            "again."
        ) from error


class _Reader:
    """The bytes of a file, read once from the first to the last."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def network(self) -> Network:
        name = self._skip_to_input()
        mean = (self._float(), self._float(), self._float())
        self._input_shape(name)
        layers = [self._layer(first=True)]
        while self._at < len(self._data) and len(layers) < _MOST_STEPS:
            layers.append(self._layer())
        return Network(mean, tuple(layers))

    def _skip_to_input(self) -> str:
        """Versions of the layers around, outermost first, and what the loss was."""
        start = self._data.find(b"input_rgb_image", 0, 4096)
        if start < 2:
            raise ValueError("it has no input of RGB images")
        self._at = start - 2
        return self._text()

    def _input_shape(self, name: str) -> None:
        if name == "input_rgb_image_sized" or name == "input_rgb_image_pyramid2":
            self._int(), self._int()
        elif name != "input_rgb_image_pyramid":
            raise ValueError(f"its input is {name!r}")

    def _layer(self, *, first: bool = False) -> Layer:
        layer = self._details()
        for _ in range(3):
            self._flag()
        for _ in range(3):
            self._tensor()
        if first:
            self._int()
        return layer

    def _details(self) -> Layer:
        name = self._text()
        match name:
            case "con_4" | "con_5":
                return self._convolution(name)
            case "affine_" | "affine_2":
                return self._affine(name)
            case "bn_con2":
                return self._batch_norm()
            case "fc_2":
                return self._dense()
            case "relu_" | "add_prev_":
                return Step(name.rstrip("_"))
            case "max_pool_2" | "avg_pool_2":
                for _ in range(6):
                    self._int()
                return Step(name.removesuffix("_2"))
        raise ValueError(f"it has a layer {name!r}")

    def _convolution(self, name: str) -> Convolution:
        parameters = self._tensor()
        for _ in range(3):
            self._int()
        stride, _, padding, _ = (self._int() for _ in range(4))
        filters, biases = self._alias(), self._alias()
        for _ in range(4):
            self._float()
        if name == "con_5" and not self._flag():
            biases = (0, 0, 0, 0)
        count = int(np.prod(filters))
        bias = parameters[count:] if np.prod(biases) else np.zeros(filters[0], np.float32)
        if len(bias) != filters[0] or len(parameters) != count + int(np.prod(biases)):
            raise ValueError("a convolution has too many or too few parameters")
        return Convolution(parameters[:count].reshape(filters), bias, stride, padding)

    def _affine(self, name: str) -> Affine:
        parameters = self._tensor()
        count = int(np.prod(self._alias()))
        self._alias()
        self._int()
        if name == "affine_2":
            self._flag()
        if len(parameters) != 2 * count:
            raise ValueError("an affine layer has too many or too few parameters")
        return Affine(parameters[:count], parameters[count:])

    def _batch_norm(self) -> Affine:
        """Read a batch norm with the statistics that training left, which make an affine layer of
        it.
        """
        parameters = self._tensor()
        count = int(np.prod(self._alias()))
        self._alias()
        _, _, means, variances = (self._tensor() for _ in range(4))
        self._int(), self._int()
        for _ in range(4):
            self._float()
        if not len(parameters) == 2 * len(means) == 2 * len(variances) == 2 * count:
            raise ValueError("a batch normalisation has too many or too few parameters")
        scale = (parameters[:count] / np.sqrt(variances + self._float())).astype(np.float32)
        return Affine(scale, parameters[count:] - scale * means)

    def _dense(self) -> Dense:
        outputs, inputs = self._int(), self._int()
        parameters = self._tensor()
        self._alias(), self._alias(), self._int()
        for _ in range(4):
            self._float()
        if len(parameters) != inputs * outputs:
            raise ValueError("a dense layer has biases")
        return Dense(parameters.reshape(inputs, outputs))

    def _tensor(self) -> Floats:
        """Numbers as they lie in memory, behind their version and shape."""
        if self._int() != 2:
            raise ValueError("a tensor is of another version")
        count = int(np.prod(self._shape()))
        end = self._at + 4 * count
        if end > len(self._data):
            raise ValueError("it ends too early")
        numbers = np.frombuffer(self._data[self._at : end], "<f4").astype(np.float32)
        self._at = end
        return numbers

    def _alias(self) -> tuple[int, int, int, int]:
        if self._int() != 1:
            raise ValueError("a part of a tensor is of another version")
        return self._shape()

    def _shape(self) -> tuple[int, int, int, int]:
        shape = self._int(), self._int(), self._int(), self._int()
        if any(not 0 <= side <= LARGEST_FILE for side in shape):
            raise ValueError("a tensor has no shape")
        return shape

    def _int(self) -> int:
        """A byte with the sign and the number of bytes that follow, the least first."""
        head = self._data[self._at]
        size = head & 0x0F
        if head & 0x70 or not 1 <= size <= 8 or self._at + size >= len(self._data) + 1:
            raise ValueError("a whole number is damaged")
        value = int.from_bytes(self._data[self._at + 1 : self._at + 1 + size], "little")
        self._at += 1 + size
        return -value if head & 0x80 else value

    def _float(self) -> float:
        mantissa, exponent = self._int(), self._int()
        if abs(exponent) >= _SPECIAL_EXPONENT:
            raise ValueError("a number is not finite")
        return float(np.ldexp(float(mantissa), exponent))

    def _flag(self) -> bool:
        value = self._data[self._at]
        if value not in b"01":
            raise ValueError("a flag is damaged")
        self._at += 1
        return value == ord("1")

    def _text(self) -> str:
        size = self._int()
        if not 0 < size <= 64:
            raise ValueError("a name is damaged")
        text = self._data[self._at : self._at + size]
        self._at += size
        return text.decode("ascii")
