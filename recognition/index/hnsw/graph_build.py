"""Building an HNSW graph that is as good as it says it is."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import faiss
import numpy as np
from numpy.typing import NDArray

from recognition.core.cores import core_count
from recognition.core.shutdown import raise_if_exiting
from recognition.core.types import Matrix
from recognition.index.blocks import Block
from recognition.index.columns import Columns
from recognition.index.hnsw.faiss_graph import CHUNK, TUNED_DEPTH, Graph
from recognition.index.hnsw.layout import gather, use_huge_pages
from recognition.index.hnsw.scrub import owned_copy
from recognition.index.hnsw.sketches import Sketches, nearest_sketched
from recognition.index.hnsw.widths import WIDEST, Answer, Scan, Widths, cheapest_widths
from recognition.index.kinds import IndexKind

logger = logging.getLogger(__name__)

LINKS = 32
BUILT_CAREFULLY = 100_000
"""Vectors from which a graph that is built with half the width never finds nearly all neighbours,
however wide it is searched: at a million, 0.970 of ten at a width of 1,024 instead of 0.989."""

TARGET_RECALL = 0.99
_SAMPLE = 2000
_SAMPLE_OF_EXTENSION = 500
_FEW = 100
_MARGIN = 0.0025
_ADDED_AT_ONCE, _ASKED_AT_ONCE = 1024, 256


def construction_width(count: int) -> int:
    """Return how wide a graph of ``count`` vectors is searched for each new one's neighbours."""
    return 128 if count < BUILT_CAREFULLY else 256


@dataclass(frozen=True, slots=True)
class BuildReport:
    """An account of what was built and how it fares.

    ``recall`` is the measured share of the exact ten nearest that a search of these ``widths``
    finds; an exact index has 1 and no widths.
    """

    kind: IndexKind
    count: int
    seconds: float
    recall: float
    widths: Widths | None = None


def build_graph(
    kind: IndexKind,
    dimension: int,
    blocks: Iterable[Block],
    count: int,
    base: Graph | None = None,
) -> tuple[Graph, BuildReport]:
    """Build a graph of all blocks, ``count`` rows, added to a copy of ``base`` if there is one.

    Some rows are added last: until then they are queries that the graph has never seen, on which
    its search widths are chosen and its recall measured.
    """
    started = time.perf_counter()
    faiss.omp_set_num_threads(max(1, core_count() - 1))  # of this thread only
    index, columns = _empty(kind, dimension), Columns()
    if base is not None:
        index = owned_copy(base.faiss_index)
        columns.extend(base.columns.ids, base.columns.categories, base.columns.kinds)
    index.hnsw.efConstruction = construction_width(count)
    sample = _SAMPLE if base is None else _SAMPLE_OF_EXTENSION
    rng, rate, held = np.random.default_rng(count), min(0.5, sample / count), []
    for chunk in _chunks(blocks):
        last = rng.random(len(chunk)) < rate
        held.append(chunk.rows(last))
        _add(index, columns, chunk.rows(~last))
    queries = np.concatenate([chunk.vectors for chunk in held])
    sketches = Sketches.of(index) if base is None else base.sketches.picked(slice(None))
    sketches.catch_up(index)
    widths, recall = Widths(WIDEST, WIDEST), 1.0
    if len(columns):
        widths, recall = tune(index, sketches, queries)
    for chunk in held:
        _add(index, columns, chunk)
    sketches.catch_up(index)
    if base is None:
        order = gather(index)
        columns.reorder(order)
        sketches = sketches.picked(order)
    use_huge_pages(index)
    report = BuildReport(kind, len(columns), time.perf_counter() - started, recall, widths)
    if recall < TARGET_RECALL:
        logger.warning("The HNSW graph has recall %.4f, below %.2f.", recall, TARGET_RECALL)
    return Graph(index, columns, kind, widths, sketches), report


def tune(index: Any, sketches: Sketches, queries: Matrix) -> tuple[Widths, float]:
    """Find the search widths that reach the target recall at the least cost, and their recall.

    With too few queries to tell, points between stored vectors are added to them.
    """
    if len(queries) < _FEW:
        queries = np.concatenate([queries, _between(index)])
    depth = min(TUNED_DEPTH, index.ntotal)
    worst_exact = _worst_exact(faiss.downcast_index(index.storage), queries, depth)

    def walked(width: int) -> Answer:
        index.hnsw.efSearch = width
        return judged(_in_turns(queries, lambda some: index.search(some, depth)[0]))

    def scanned(compared: int) -> Answer:
        return judged(
            _in_turns(
                queries,
                lambda some: nearest_sketched(index, sketches, some, depth, compared)[0],
            )
        )

    def judged(similarities: Matrix) -> Answer:
        return similarities[:, 0], shares_found(worst_exact, similarities)

    return cheapest_widths(walked, TARGET_RECALL + _MARGIN, Scan(scanned, len(sketches)))


def _worst_exact(storage: Any, queries: Matrix, depth: int) -> NDArray[np.float32]:
    """The similarity of each query's exact ``depth``-th neighbour, ``(n,)``."""
    best = np.full((len(queries), depth), -np.inf, np.float32)
    for start in range(0, storage.ntotal, CHUNK):
        raise_if_exiting()
        vectors = storage.reconstruct_n(start, min(CHUNK, storage.ntotal - start))
        near, _ = faiss.knn(queries, vectors, depth, metric=faiss.METRIC_INNER_PRODUCT)
        best = np.sort(np.concatenate([best, near], axis=1), axis=1)[:, -depth:]
    return best[:, 0]


def _in_turns(queries: Matrix, search: Callable[[Matrix], Matrix]) -> Matrix:
    found = []
    for start in range(0, len(queries), _ASKED_AT_ONCE):
        raise_if_exiting()
        found.append(search(queries[start : start + _ASKED_AT_ONCE]))
    return np.concatenate(found)


def _chunks(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        for start in range(0, len(block), _ADDED_AT_ONCE):
            yield block.rows(slice(start, start + _ADDED_AT_ONCE))


def _add(index: Any, columns: Columns, block: Block) -> None:
    raise_if_exiting()
    if len(block):
        index.add(block.vectors)
        columns.extend(block.ids, block.categories, block.kinds)


def shares_found(
    worst_exact: NDArray[np.float32], similarities: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return the share of each query's found similarities ``(n, k)`` that reach the exact k-th,
    ``(n,)``.

    Counting similarities rather than ids lets equally near neighbours stand for each other, as in
    Aumüller et al., "ANN-Benchmarks" (2020).
    """
    shares: NDArray[np.float64] = np.mean(similarities >= worst_exact[:, None] - 1e-6, axis=1)
    return shares


def _between(index: Any) -> Matrix:
    """Points part of the way from one stored vector to another."""
    rng = np.random.default_rng(index.ntotal)
    near = index.reconstruct_batch(rng.choice(index.ntotal, size=_SAMPLE))
    far = index.reconstruct_batch(rng.choice(index.ntotal, size=_SAMPLE))
    points: Matrix = near + 0.5 * far
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return np.ascontiguousarray(points, np.float32)


def _empty(kind: IndexKind, dimension: int) -> Any:
    metric, library = faiss.METRIC_INNER_PRODUCT, cast(Any, faiss)
    if kind is IndexKind.HNSW_FP16:
        storage = faiss.ScalarQuantizer.QT_fp16
        index: Any = library.IndexHNSWSQ(dimension, storage, LINKS, metric)
        index.is_trained = True  # float16 has nothing to learn
    else:
        index = faiss.IndexHNSWFlat(dimension, LINKS, metric)
    return index
