"""What the measurements must show, and whether they do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from recognition.benchmarks.inference.report import BESIDE_FORWARD, MEANWHILE, Row


@dataclass(frozen=True, slots=True)
class Target:
    what: str
    measured: float
    wanted: float
    at_least: bool

    @property
    def holds(self) -> bool:
        return self.measured >= self.wanted if self.at_least else self.measured <= self.wanted

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        verdict = "holds" if self.holds else "MISSED"
        return f"{verdict:6}  {self.what}: {self.measured:.2f} {sign} {self.wanted:g}"


def targets(rows: Iterable[Row]) -> list[Target]:
    """Of the rows that were measured."""
    by_name = {row.what: row for row in rows}
    if MEANWHILE in by_name:
        return _gpu(by_name)
    return [*_images(by_name), *_process(by_name), *_http(by_name)]


def _images(rows: dict[str, Row]) -> list[Target]:
    files, text = rows["files to embeddings"], rows["text"]
    found = [
        Target("files to embeddings, times the torch loop", _ratio(files, files.torch), 2.2, True)
    ]
    if files.onnx:
        what = "files to embeddings, times the ONNX Runtime loop"
        found.append(Target(what, _ratio(files, files.onnx), 0.95, True))
    return [*found, Target("a text, ms", text.ours, 6, False)]


def _gpu(rows: dict[str, Row]) -> list[Target]:
    """The bare loop may decode meanwhile, or have nothing to decode at all."""
    bare = {
        "times a torch loop that decodes meanwhile": rows[MEANWHILE],
        "times the bare forward pass alone": rows[BESIDE_FORWARD],
    }
    return [
        Target(f"files to embeddings, {what}", _ratio(row, row.torch), 0.8, True)
        for what, row in bare.items()
    ]


def _process(rows: dict[str, Row]) -> list[Target]:
    if (memory := rows.get("a process, resident")) is None:
        return []
    start = rows["a process, from nothing to both towers run"]
    return [
        Target("a process, MiB resident", memory.ours, 400, False),
        Target("a process, seconds until both towers ran", start.ours, 4, False),
    ]


def _http(rows: dict[str, Row]) -> list[Target]:
    if (many := rows.get("identify over HTTP, 16 clients")) is None or not many.onnx:
        return []
    alone = rows["identify over HTTP, 1 client: median"]
    some = rows["identify over HTTP, 8 clients"]
    median, slowest = (rows[f"{many.what}: {which}"].ours for which in ("median", "p99"))
    return [
        Target("HTTP, 8 clients, times the ONNX Runtime loop", _ratio(some, some.onnx), 0.87, True),
        Target("HTTP, 16 clients, times the ONNX Runtime loop", many.ours / many.onnx, 0.9, True),
        Target("HTTP, 16 clients, p99 in medians", slowest / median, 3, False),
        Target(
            "HTTP, alone, ms above the ONNX Runtime loop", alone.ours - (alone.onnx or 0), 8, False
        ),
    ]


def _ratio(row: Row, bare: float | None) -> float:
    return row.ratio(bare) or 0.0
