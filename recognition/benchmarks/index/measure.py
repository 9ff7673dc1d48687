"""Measuring engines side by side: the same vectors, the same queries, turn by turn."""

from __future__ import annotations

import ctypes
import gc
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from recognition.benchmarks.index.engines import (
    DEPTH,
    Engine,
    Ours,
    OursAsNarrow,
    PlainFaiss,
    as_block,
)
from recognition.benchmarks.index.widths import narrowest_width
from recognition.core.cores import core_count
from recognition.core.types import Matrix
from recognition.index.hnsw.graph_build import TARGET_RECALL, shares_found
from recognition.index.hnsw.widths import ALWAYS, NARROWEST, Answer, Scan, Widths, cheapest_widths
from recognition.index.protocol import Position
from recognition.index.snapshots.snapshots import SnapshotStore

_ADDITIONS = 500
_ASKED_OF_SLOW = 200

_SPELL = 200
"""Queries that an engine answers in a row before the next one's turn."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """How an engine fares: times as their units say, memory in MiB, rates in queries a second.

    ``median_ms`` and ``p99_ms`` are those of queries in a row, as ann-benchmarks takes them
    (Aumueller et al. 2018); ``cold_ms`` is the median of queries each of which follows another
    engine's, so that the processor's caches hold little of one's own. ``width`` is what was chosen
    for it; ``start_s`` the time from a snapshot to the first answer and ``add_us`` the mean time of
    one addition, for our index alone.
    """

    engine: str
    count: int
    recall: float
    median_ms: float
    p99_ms: float
    cold_ms: float
    rate: float
    rate_2_threads: float
    build_s: float
    memory_mib: float
    width: int | Widths | None = None
    start_s: float | None = None
    add_us: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Vectors, queries, and the similarity of each query's exact DEPTH-th neighbour."""

    vectors: Matrix
    queries: Matrix
    worst_exact: NDArray[np.float32]

    @classmethod
    def of(cls, vectors: Matrix, queries: Matrix) -> Truth:
        exact, _ = faiss.knn(queries, vectors, DEPTH, metric=faiss.METRIC_INNER_PRODUCT)
        return cls(vectors, queries, exact[:, -1])

    def recall(self, engine: Engine) -> float:
        """Recall at DEPTH against exact search."""
        return float(self.answers(engine)[1].mean())

    def answers(self, engine: Engine) -> Answer:
        """Of each query, its best hit's similarity and the share of its neighbours found."""
        queries = asked(engine, self.queries)
        found = np.full((len(queries), DEPTH), -1.0, np.float32)

        def fill(row: int) -> None:
            ids = engine.search(queries[row, None])
            found[row, : len(ids)] = self.vectors[ids] @ queries[row]

        with ThreadPoolExecutor(core_count()) as pool:
            deque(pool.map(fill, range(len(queries))), maxlen=0)
        return found[:, 0], shares_found(self.worst_exact[: len(queries)], found)


def asked(engine: Engine, queries: Matrix) -> Matrix:
    """Those that an engine is asked."""
    return queries[:_ASKED_OF_SLOW] if engine.is_slow else queries


def compare(
    engines: Sequence[Engine], vectors: Matrix, queries: Matrix, tell: Callable[[str], Any]
) -> list[Measurement]:
    """Build every engine, give those that do not tune themselves the best width, and time all.

    That has these very queries reach the target recall; a plain FAISS graph gets the recall that
    ours has, where that is higher. ``tell`` hears what is done, since a million take hours.
    """
    truth = Truth.of(vectors, queries)
    built = [_build(engine, vectors, tell) for engine in engines]
    tell("All are built; now widths are chosen, and queries timed.")
    equal = max((truth.recall(engine) for engine in engines if _is_graph(engine)), default=0.0)
    widths = [_tune(engine, truth, equal) for engine in engines]
    in_a_row = _latencies(engines, queries, spell=_SPELL)
    cold = _latencies(engines, queries, spell=1)
    return [
        _measurement(engine, truth, cost, width, Latencies(*times))
        for engine, cost, width, *times in zip(engines, built, widths, in_a_row, cold, strict=True)
    ]


def _build(engine: Engine, vectors: Matrix, tell: Callable[[str], Any]) -> tuple[float, float]:
    """Seconds and MiB."""
    _release_memory()
    before, started = _memory_mib(), time.perf_counter()
    engine.build(vectors)
    seconds = time.perf_counter() - started
    tell(f"{engine.name} is built, in {seconds:.1f} s.")
    _release_memory()
    return seconds, _memory_mib() - before


def _is_graph(engine: Engine) -> bool:
    return isinstance(engine, Ours) and engine.index.report is not None


def _tune(engine: Engine, truth: Truth, equal: float) -> int | Widths | None:
    if isinstance(engine, Ours):
        return engine.index.report.widths if engine.index.report else None
    if isinstance(engine, OursAsNarrow):
        return _tune_widths(engine, truth)
    if not engine.is_tunable:
        return None

    def recall_of(width: int) -> float:
        engine.set_width(width)
        return truth.recall(engine)

    target = max(TARGET_RECALL, equal) if isinstance(engine, PlainFaiss) else TARGET_RECALL
    width, _ = narrowest_width(recall_of, target)
    engine.set_width(width)
    return width


def _tune_widths(engine: OursAsNarrow, truth: Truth) -> Widths:
    def answers(widths: Widths) -> Answer:
        engine.set_widths(widths)
        return truth.answers(engine)

    def walked(width: int) -> Answer:
        return answers(Widths(width, width))

    def scanned(compared: int) -> Answer:
        return answers(Widths(NARROWEST, 0, ALWAYS, compared))

    scan = Scan(scanned, len(truth.vectors))
    widths, _ = cheapest_widths(walked, TARGET_RECALL, scan)
    engine.set_widths(widths)
    return widths


@dataclass(frozen=True, slots=True)
class Latencies:
    """Milliseconds of an engine's queries in a row, and of those after another engine's."""

    in_a_row: NDArray[np.float64]
    cold: NDArray[np.float64]


def _latencies(
    engines: Sequence[Engine], queries: Matrix, *, spell: int
) -> list[NDArray[np.float64]]:
    """Milliseconds of each query.

    Engines take turns of ``spell`` queries in random order, so that a machine whose speed drifts is
    fair to all.
    """
    rng = np.random.default_rng(0)
    times = [np.zeros(len(asked(engine, queries))) for engine in engines]
    for start in range(0, len(queries), spell):
        for row in rng.permutation(len(engines)):
            for column in range(start, min(start + spell, len(times[row]))):
                started = time.perf_counter()
                engines[row].search(queries[column, None])
                times[row][column] = time.perf_counter() - started
    return [1000 * each for each in times]


def _measurement(
    engine: Engine,
    truth: Truth,
    cost: tuple[float, float],
    width: int | Widths | None,
    times: Latencies,
) -> Measurement:
    queries = truth.queries
    return Measurement(
        engine=engine.name,
        count=len(truth.vectors),
        recall=truth.recall(engine),
        median_ms=float(np.median(times.in_a_row)),
        p99_ms=float(np.percentile(times.in_a_row, 99)),
        cold_ms=float(np.median(times.cold)),
        rate=_rate(engine, queries, 1),
        rate_2_threads=_rate(engine, queries, 2),
        build_s=cost[0],
        memory_mib=cost[1],
        width=width,
        start_s=_start_seconds(engine, queries[:1]) if isinstance(engine, Ours) else None,
        add_us=_addition_microseconds(engine, queries) if isinstance(engine, Ours) else None,
    )


def _rate(engine: Engine, queries: Matrix, threads: int) -> float:
    """Queries a second, each thread asking its share of them one after another."""
    given = [query[None] for query in asked(engine, queries)]

    def ask(first: int) -> None:
        for query in given[first::threads]:
            engine.search(query)

    with ThreadPoolExecutor(threads) as pool:
        started = time.perf_counter()
        deque(pool.map(ask, range(threads)), maxlen=0)
        return len(given) / (time.perf_counter() - started)


def _start_seconds(engine: Ours, query: Matrix) -> float:
    frozen = engine.index.freeze()
    with tempfile.TemporaryDirectory(prefix="oneshot-benchmark-") as folder:
        store = SnapshotStore(Path(folder), fingerprint="benchmark", dimension=frozen.dimension)
        store.write(frozen, Position(1, 1), overtaken=lambda _: False)
        started = time.perf_counter()
        found = store.newest(lambda _: 1)
        if found is None:
            raise RuntimeError("The snapshot that was just written cannot be read.")
        found[0].search(query, DEPTH)
        return time.perf_counter() - started


def _addition_microseconds(engine: Ours, queries: Matrix) -> float:
    vectors = np.resize(queries, (_ADDITIONS, queries.shape[1]))
    entries = list(as_block(vectors, len(engine.index)).entries())
    started = time.perf_counter()
    for entry in entries:
        engine.index.add([entry])
    return (time.perf_counter() - started) / _ADDITIONS * 1e6


def _release_memory() -> None:
    """Give freed memory back to the system, so that no engine is charged less for it."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)


def _memory_mib() -> float:
    """Memory of this process that no file backs, from Linux's /proc."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    raise OSError("This system does not tell a process's anonymous memory.")
