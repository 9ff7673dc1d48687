"""What replaces an index that has outgrown its kind or is worn by removals and additions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from recognition.index.blocks import Block
from recognition.index.exact.faiss_exact import ExactIndex
from recognition.index.hnsw.faiss_graph import GraphIndex
from recognition.index.hnsw.graph_build import BuildReport, build_graph
from recognition.index.kinds import IndexKind

LiveIndex: TypeAlias = ExactIndex | GraphIndex
Built: TypeAlias = tuple[LiveIndex, BuildReport]


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits from which a graph is renewed: the longest tail, and the dead's largest share and
    number.
    """

    tail: int = 8192
    dead_share: float = 0.2
    dead: int = 1024

    def compaction_due(self, index: GraphIndex) -> bool:
        return index.dead > max(self.dead, self.dead_share * len(index))

    def renewal_due(self, index: GraphIndex) -> bool:
        return len(index.tail) > self.tail or self.compaction_due(index)


def kind_of(index: LiveIndex) -> IndexKind:
    return index.graph.kind if isinstance(index, GraphIndex) else IndexKind.EXACT


def plan_renewal(index: LiveIndex, wanted: IndexKind, limits: Limits) -> Callable[[], Built]:
    """Return the work that makes the next index, from all that ``index`` holds at this moment.

    Planning takes what copies it needs and must not run beside changes; the work may.
    """
    extends = isinstance(index, GraphIndex) and index.graph.kind is wanted
    if isinstance(index, GraphIndex) and extends and not limits.compaction_due(index):
        return _extension(index)
    blocks = index.blocks() if isinstance(index, GraphIndex) else [index.block()]
    dimension, count = index.dimension, len(index)
    if wanted is IndexKind.EXACT:
        return lambda: _exact(dimension, blocks)
    return lambda: _graph(wanted, dimension, blocks, count)


def _extension(index: GraphIndex) -> Callable[[], Built]:
    """Return the work that makes the same graph with the tail in it; the dead stay until they are
    worth a compaction.
    """
    base, tail = index.graph, index.tail.block()
    alive = np.concatenate([index.alive, np.ones(len(tail), np.bool_)])

    def extend() -> Built:
        graph, report = build_graph(base.kind, index.dimension, [tail], len(tail), base)
        return GraphIndex(graph, alive), report

    return extend


def _exact(dimension: int, blocks: Iterable[Block]) -> Built:
    started = time.perf_counter()
    index = ExactIndex(dimension)
    for block in blocks:
        index.load(block)
    report = BuildReport(IndexKind.EXACT, len(index), time.perf_counter() - started, 1.0)
    return index, report


def _graph(kind: IndexKind, dimension: int, blocks: Iterable[Block], count: int) -> Built:
    graph, report = build_graph(kind, dimension, blocks, count)
    return GraphIndex(graph), report
