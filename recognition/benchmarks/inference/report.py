"""One table: what the service does, and the bare loops beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MEANWHILE = "files to embeddings, decoded meanwhile"
BESIDE_FORWARD = "files to embeddings, beside the forward pass alone"


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement in ``unit``, with the same of the bare loops where there is one.

    ``more_is_better`` says which way a ratio above one points: ratios are always how many times
    better than the bare loop.
    """

    what: str
    unit: str
    ours: float
    torch: float | None = None
    onnx: float | None = None
    more_is_better: bool = True

    def ratio(self, bare: float | None) -> float | None:
        if not bare or not self.ours:
            return None
        return self.ours / bare if self.more_is_better else bare / self.ours


def rate_row(what: str, found: dict[str, float]) -> Row:
    return Row(what, "a second", found["ours"], found.get("torch"), found.get("onnx"))


HEADINGS = ("", "unit", "Oneshot", "torch loop", "ratio", "ONNX Runtime loop", "ratio")


def as_json(row: Row) -> dict[str, Any]:
    ratios = {"torch_ratio": row.ratio(row.torch), "onnx_ratio": row.ratio(row.onnx)}
    return asdict(row) | ratios


def cells(row: Row) -> tuple[str, ...]:
    return (
        row.what,
        row.unit,
        _number(row.ours),
        _number(row.torch),
        _number(row.ratio(row.torch)),
        _number(row.onnx),
        _number(row.ratio(row.onnx)),
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
