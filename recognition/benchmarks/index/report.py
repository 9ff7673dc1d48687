"""The whole comparison at one size, and its table's rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from recognition.benchmarks.index.engines import MEMBERS, Engine, Ours, OursAsNarrow, PlainFaiss
from recognition.benchmarks.index.measure import Measurement, compare
from recognition.benchmarks.index.rivals import rivals
from recognition.benchmarks.index.vectors import clustered_vectors
from recognition.index.kinds import IndexKind

QUERIES = 2000
_EXACT_AT_MOST = 200_000

HEADINGS = (
    "vectors", "engine", "width", "recall@10", "median ms", "p99 ms", "cold ms", "queries/s",
    "queries/s, 2 threads", "build s", "memory MiB", "start s", "addition µs",
)  # fmt: skip


def benchmark(
    count: int,
    *,
    dimension: int = 512,
    queries: int = QUERIES,
    only: Sequence[str] = ("",),
    tell: Callable[[str], Any] = lambda _: None,
) -> list[Measurement]:
    """Our index beside plain FAISS and the other engines installed, on clustered vectors; of these
    engines those whose name holds a word of ``only``. ``tell`` hears of each that is built. Raises
    ValueError where there is none."""
    engines = [*_faiss_engines(count), *rivals(count)]
    chosen = [engine for engine in engines if any(word in _name(engine) for word in only)]
    if not chosen:
        raise ValueError(f"The engines are {', '.join(engine.name for engine in engines)}.")
    vectors = clustered_vectors(count, dimension, members=MEMBERS)
    centres = max(1, count // MEMBERS)
    asked = clustered_vectors(queries, dimension, centres=centres, draw=2)
    return compare(chosen, vectors, asked, tell)


def _name(engine: Engine) -> str:
    """Without what sets two of one index apart: they come together."""
    return engine.name.partition(",")[0]


def _faiss_engines(count: int) -> list[Engine]:
    ours = Ours(IndexKind.HNSW_FP16)
    graphs: list[Engine] = [ours, OursAsNarrow(ours), PlainFaiss(graph=True)]
    if count > _EXACT_AT_MOST:
        return graphs
    return [*graphs, Ours(IndexKind.EXACT), PlainFaiss(graph=False)]


def cells(measured: Measurement) -> tuple[str, ...]:
    return (
        f"{measured.count:,}",
        measured.engine,
        "–" if measured.width is None else str(measured.width),
        f"{measured.recall:.4f}",
        f"{measured.median_ms:.3f}",
        f"{measured.p99_ms:.3f}",
        f"{measured.cold_ms:.3f}",
        f"{measured.rate:.0f}",
        f"{measured.rate_2_threads:.0f}",
        f"{measured.build_s:.1f}",
        f"{measured.memory_mib:.0f}",
        _or_dash(measured.start_s, ".2f"),
        _or_dash(measured.add_us, ".0f"),
    )


def _or_dash(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)
