"""The trained network as the one file that is shipped: looks in, rows out."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from math import prod
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from recognition.encoders.drawings.canvases import DIMENSION
from recognition.encoders.drawings.preparing import BYTES, LOOKS, SHARES
from recognition.encoders.drawings.training.network import DrawingsNetwork
from recognition.encoders.drawings.training.whitening import Whitening

OPSET = 18

HALVED = 1024
"""Numbers from which on an array is kept as float16: the others are not worth it."""


class Served(nn.Module):
    """All looks at each drawing, bytes (n, BYTES), to rows (n, DIMENSION) of length one.

    The looks on a canvas are averaged and whitened, and the canvases put side by side, each with
    its share.
    """

    def __init__(self, network: DrawingsNetwork, whitenings: Sequence[Whitening]) -> None:
        super().__init__()
        self.network = network
        self.whitenings = list(whitenings)

    def forward(self, looks: Tensor) -> Tensor:
        rows, begin = [], 0
        for (canvas, each), share, whitening in zip(LOOKS, SHARES, self.whitenings, strict=True):
            end = begin + len(each) * prod(canvas)
            ink = looks[:, begin:end].reshape(-1, 1, *canvas).float() / 255.0
            seen = functional.normalize(self.network(ink), dim=1)
            mean = seen.reshape(-1, len(each), DIMENSION // 2).mean(1)
            even = whitening(functional.normalize(mean, dim=1))
            rows.append(functional.normalize(even, dim=1) * share**0.5)
            begin = end
        return torch.cat(rows, dim=1)


def export(network: DrawingsNetwork, whitenings: Sequence[Whitening], path: Path) -> float:
    """Write the network for ONNX Runtime, its weights as float16; returns the lowest cosine between
    what both make of noise and strokes.
    """
    served = Served(network, whitenings).eval()
    served.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    example = torch.zeros(2, BYTES, dtype=torch.uint8)
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            served,
            (example,),
            path,
            input_names=["looks"],
            output_names=["rows"],
            dynamo=False,
            dynamic_axes={"looks": {0: "drawings"}, "rows": {0: "drawings"}},
            opset_version=OPSET,
        )
    _halve(path)
    return _lowest_cosine(served, path)


def _halve(path: Path) -> None:
    """Keep large arrays as float16 and have them widened when the file is loaded."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(path)
    casts = []
    for array in list(model.graph.initializer):
        values = numpy_helper.to_array(array)
        if values.dtype != np.float32 or values.size < HALVED:
            continue
        name = array.name
        half = numpy_helper.from_array(values.astype(np.float16), f"{name}.half")
        model.graph.initializer.remove(array)
        model.graph.initializer.append(half)
        casts.append(helper.make_node("Cast", [half.name], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)
    onnx.checker.check_model(model)
    # What the exporter notes of its source would name this machine's folders.
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    onnx.save(model, path)


def _lowest_cosine(served: Served, path: Path) -> float:
    from recognition.encoders.onnx.sessions import open_session

    generator = np.random.default_rng(0)
    looks = generator.integers(0, 256, (16, BYTES), dtype=np.uint8)
    looks *= generator.random(looks.shape) < 0.15
    session = open_session(path, threads=1)
    ours = session(looks)
    with torch.inference_mode():
        theirs = served(torch.from_numpy(looks)).numpy()
    norms = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return float(((ours * theirs).sum(1) / norms).min())
