"""dlib's two face networks as ONNX graphs, for ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from recognition.core.errors import WeightsUnavailable
from recognition.encoders.faces.dlib_format import (
    Affine,
    Convolution,
    Dense,
    Floats,
    Layer,
    Network,
    Step,
)

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

CHIP = 150
"""Pixels on each side of an aligned face, as dlib's network takes it."""

_OPSET = 17
_IR = 9
"""What ONNX Runtime has read since 1.15; nothing newer is needed."""

_RANGE = 256.0
"""dlib divides pixels by it once their mean is off (``dlib/dnn/input.h``)."""

_Kind = TypeVar("_Kind", Convolution, Dense)


def embedding_graph(network: Network) -> ModelProto:
    """Write ``dlib_face_recognition_resnet_model_v1`` as a graph.

    It takes faces ``(n, 150, 150, 3)`` of 8-bit RGB and gives rows ``(n, 128)``, not normalised. A
    residual block adds what it was given to what it made of that; one that halves its input adds
    the means of two by two pixels, and zeros where one of the two is smaller
    (``tools/python/src/face_recognition.cpp`` and ``add_prev`` in dlib). Raises WeightsUnavailable
    for a network of another shape.
    """
    layers = _folded(network)
    graph = _Graph(side=CHIP)
    graph.convolution(_expect(layers, Convolution))
    graph.relu(next(layers))
    graph.max_pool(next(layers))
    layer = next(layers)
    while isinstance(layer, Convolution):
        given = graph.place
        graph.convolution(layer)
        graph.relu(next(layers))
        graph.convolution(_expect(layers, Convolution))
        layer = next(layers)
        if layer == Step("avg_pool"):
            given = graph.halved(given)
            layer = next(layers)
        graph.add(given, layer)
        graph.relu(next(layers))
        layer = next(layers)
    graph.mean(layer)
    graph.dense(_expect(layers, Dense))
    return graph.model(["n", CHIP, CHIP, 3], ["n", graph.place.channels])


def detector_graph(network: Network) -> ModelProto:
    """Write ``mmod_human_face_detector`` as a graph, without its pyramid of sizes.

    It takes one image ``(1, height, width, 3)`` of 8-bit RGB and gives scores
    ``(1, 1, rows, columns)``, one for each eighth pixel. Raises WeightsUnavailable for a network of
    another shape.
    """
    layers = _folded(network)
    graph = _Graph(side=0)
    for layer in layers:
        match layer:
            case Convolution():
                graph.convolution(layer)
            case Step():
                graph.relu(layer)
            case _:
                raise _unexpected(layer)
    return graph.model([1, "height", "width", 3], [1, 1, "rows", "columns"])


def _folded(network: Network) -> Iterator[Layer]:
    """The layers with each scale and shift in the convolution before it, the input's as well."""
    layers = network.layers
    for at, layer in enumerate(layers):
        following = layers[at + 1] if at + 1 < len(layers) else None
        if isinstance(layer, Affine) and at and isinstance(layers[at - 1], Convolution):
            continue
        if not isinstance(layer, Convolution):
            yield layer
            continue
        if at == 0:
            # Valid because dlib pads this one with nothing.
            layer = _on_pixels(layer, network.mean)
        yield _with_affine(layer, following) if isinstance(following, Affine) else layer


def _with_affine(layer: Convolution, affine: Affine) -> Convolution:
    return Convolution(
        layer.filters * affine.scale[:, None, None, None],
        layer.biases * affine.scale + affine.shift,
        layer.stride,
        layer.padding,
    )


def _on_pixels(layer: Convolution, mean: tuple[float, float, float]) -> Convolution:
    """The convolution of plain pixels that equals ``layer`` on those that dlib prepares."""
    if layer.padding or layer.filters.shape[1] != 3:
        raise _unexpected(layer)
    filters = layer.filters.astype(np.float64) / _RANGE
    off = (filters * np.array(mean)[None, :, None, None]).sum(axis=(1, 2, 3))
    biases = (layer.biases - off).astype(np.float32)
    return Convolution(filters.astype(np.float32), biases, layer.stride, layer.padding)


def _expect(layers: Iterator[Layer], kind: type[_Kind]) -> _Kind:
    layer = next(layers, None)
    if not isinstance(layer, kind):
        raise _unexpected(layer)
    return layer


def _unexpected(layer: Layer | None) -> WeightsUnavailable:
    name = layer.kind if isinstance(layer, Step) else type(layer).__name__
    return WeightsUnavailable(f"This is not the network that was expected: {name} is out of place.")


class _Place:
    """A tensor of the graph: its name, channels, and side in pixels."""

    def __init__(self, name: str, channels: int, side: int) -> None:
        self.name, self.channels, self.side = name, channels, side


class _Graph:
    """A graph that grows from its input on; ``place`` is where it stands.

    ``side`` is that of square images, 0 where images are of any shape.
    """

    def __init__(self, *, side: int) -> None:
        self._nodes: list[NodeProto] = []
        self._weights: list[TensorProto] = []
        self.place = _Place("image", 3, side)
        self._node("Cast", ["image"], to=1)
        self._node("Transpose", [self.place.name], perm=[0, 3, 1, 2])

    def convolution(self, layer: Convolution) -> None:
        outputs, inputs, height, width = layer.filters.shape
        if inputs != self.place.channels or height != width:
            raise _unexpected(layer)
        weights = [self._weight(layer.filters), self._weight(layer.biases)]
        side = (self.place.side + 2 * layer.padding - height) // layer.stride + 1
        self._node(
            "Conv",
            [self.place.name, *weights],
            channels=outputs,
            side=side,
            kernel_shape=[height, width],
            strides=[layer.stride] * 2,
            pads=[layer.padding] * 4,
        )

    def relu(self, layer: Layer) -> None:
        self._step(layer, "relu")
        self._node("Relu", [self.place.name])

    def max_pool(self, layer: Layer) -> None:
        self._step(layer, "max_pool")
        side = (self.place.side - 3) // 2 + 1
        self._node("MaxPool", [self.place.name], side=side, kernel_shape=[3, 3], strides=[2, 2])

    def halved(self, place: _Place) -> _Place:
        """Return the means of two by two pixels of an earlier place."""
        here = self.place
        self.place = place
        side = (place.side - 2) // 2 + 1
        self._node("AveragePool", [place.name], side=side, kernel_shape=[2, 2], strides=[2, 2])
        halved, self.place = self.place, here
        return halved

    def add(self, given: _Place, layer: Layer) -> None:
        """Add an earlier place; zeros stand where one of the two has no pixel or channel."""
        self._step(layer, "add_prev")
        channels = max(given.channels, self.place.channels)
        side = max(given.side, self.place.side)
        both = [self._padded(place, channels, side) for place in (self.place, given)]
        self._node("Add", both, channels=channels, side=side)

    def mean(self, layer: Layer) -> None:
        self._step(layer, "avg_pool")
        self._node("GlobalAveragePool", [self.place.name], side=1)
        self._node("Flatten", [self.place.name])

    def dense(self, layer: Dense) -> None:
        if layer.weights.shape[0] != self.place.channels:
            raise _unexpected(layer)
        weights = self._weight(layer.weights)
        self._node("MatMul", [self.place.name, weights], channels=layer.weights.shape[1])

    def model(self, taken: list[Any], given: list[Any]) -> ModelProto:
        from onnx import TensorProto, checker, helper

        self._nodes[-1].output[0] = "rows"
        image = helper.make_tensor_value_info("image", TensorProto.UINT8, taken)
        rows = helper.make_tensor_value_info("rows", TensorProto.FLOAT, given)
        graph = helper.make_graph(self._nodes, "face", [image], [rows], self._weights)
        opset = [helper.make_opsetid("", _OPSET)]
        made = helper.make_model(graph, opset_imports=opset, ir_version=_IR)
        checker.check_model(made)
        return made

    def _padded(self, place: _Place, channels: int, side: int) -> str:
        more = [0, channels - place.channels, side - place.side, side - place.side]
        if not any(more):
            return place.name
        here = self.place
        self._node("Pad", [place.name, self._weight(np.array([0] * 4 + more, np.int64))])
        padded, self.place = self.place.name, here
        return padded

    def _step(self, layer: Layer, kind: str) -> None:
        if layer != Step(kind):
            raise _unexpected(layer)

    def _node(
        self,
        kind: str,
        inputs: list[str],
        *,
        channels: int | None = None,
        side: int | None = None,
        **attributes: Any,
    ) -> None:
        from onnx import helper

        name = f"{kind.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        self.place = _Place(
            name,
            self.place.channels if channels is None else channels,
            self.place.side if side is None else side,
        )

    def _weight(self, values: Floats | Any) -> str:
        from onnx import numpy_helper

        name = f"weight_{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name
