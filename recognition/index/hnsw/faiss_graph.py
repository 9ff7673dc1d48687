"""Approximate search with FAISS: a graph that is never changed, and what came after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from recognition.core.errors import VectorError
from recognition.core.types import Ids, Matrix
from recognition.index.blocks import Block
from recognition.index.checks import check_limit, check_vectors
from recognition.index.columns import Columns
from recognition.index.exact.faiss_exact import ExactIndex
from recognition.index.exact.faiss_selectors import among, selector
from recognition.index.exact.hits import hits_of, merged
from recognition.index.exact.id_map import MISSING, IdMap
from recognition.index.hnsw.sketches import Sketches, nearest_sketched
from recognition.index.hnsw.widths import WIDEST, Widths
from recognition.index.kinds import IndexKind
from recognition.index.protocol import Entry, Hit, Scope

CHUNK = 8192
"""Vectors read from a graph, or added to one, at a time."""

TUNED_DEPTH = 10
"""The number of neighbours for which a graph's search width is chosen."""

_SCANNED_AT_MOST = 20_000
_SCANNED_SHARE = 20


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """An HNSW graph (Malkov and Yashunin, 2018) with its columns, search widths, and the sketches
    that find what a walk through it misses.
    """

    faiss_index: Any
    columns: Columns
    kind: IndexKind
    widths: Widths
    sketches: Sketches

    def vectors(self, slots: NDArray[np.int64]) -> Matrix:
        found: Matrix = self.faiss_index.reconstruct_batch(slots)
        return found


class GraphIndex:
    """A graph whose removed slots are filtered by FAISS, and an exact tail of later additions.

    The graph itself never changes, so it may be mapped from a file and read while its successor
    is built; an addition costs what it costs in an exact index.
    """

    def __init__(
        self, graph: Graph, alive: NDArray[np.bool_] | None = None, tail: ExactIndex | None = None
    ) -> None:
        self.graph = graph
        self._index = graph.faiss_index
        self._dimension = int(self._index.d)
        self._tail = tail or ExactIndex(self.dimension)
        if self._tail.dimension != self.dimension:
            raise VectorError("The tail's dimension is not the graph's.")
        self._alive = np.ones(len(graph.columns), np.bool_) if alive is None else alive
        self._slots = IdMap()
        kept = np.flatnonzero(self._alive)
        self._slots.put(graph.columns.ids[kept], kept)
        self._dead = len(self._alive) - kept.size
        self._selector: Any = None

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def dead(self) -> int:
        """Count the removed or replaced vectors that the graph still holds."""
        return self._dead

    @property
    def tail(self) -> ExactIndex:
        return self._tail

    @property
    def alive(self) -> NDArray[np.bool_]:
        """Return a copy that says which of the graph's slots still count."""
        return self._alive.copy()

    def __len__(self) -> int:
        return len(self._alive) - self._dead + len(self._tail)

    def add(self, entries: Sequence[Entry]) -> None:
        self._tail.add(entries)
        self._bury(np.array([entry.id for entry in entries], np.int64))

    def remove(self, ids: Ids) -> int:
        return self._bury(ids) + self._tail.remove(ids)

    def search(self, queries: Matrix, limit: int, scope: Scope | None = None) -> list[list[Hit]]:
        checked = check_vectors(queries, self.dimension)
        check_limit(limit)
        from_graph = self._search_graph(checked, limit, scope)
        if not len(self._tail):
            return from_graph
        return merged(from_graph, self._tail.search(checked, limit, scope), limit)

    def entries(self) -> Iterator[Entry]:
        return chain.from_iterable(block.entries() for block in self.blocks())

    def blocks(self) -> Iterator[Block]:
        """Yield all that is alive now, in chunks; later changes leave it alone."""
        tail, kept = self._tail.block(), np.flatnonzero(self._alive)
        return chain(_graph_blocks(self.graph, kept), [tail])

    def _search_graph(self, queries: Matrix, limit: int, scope: Scope | None) -> list[list[Hit]]:
        graph, total = self.graph, len(self._alive)
        if scope is None:
            count, chosen = total - self._dead, self._living()
        else:
            allowed = graph.columns.within(scope) & self._alive
            count, chosen = int(np.count_nonzero(allowed)), selector(allowed)
        if not count:
            return [[] for _ in queries]
        wanted = min(limit, count)
        if scope is not None and count <= max(_SCANNED_AT_MOST, total // _SCANNED_SHARE):
            storage = faiss.downcast_index(self._index.storage)
            similarities, slots = storage.search(queries, wanted, params=among(chosen))
        else:
            scale = max(wanted, TUNED_DEPTH) * total / (TUNED_DEPTH * count)
            similarities, slots = self._walk(queries, wanted, chosen, scale)
        return hits_of(graph.columns, similarities, slots)

    def _walk(
        self, queries: Matrix, wanted: int, chosen: Any, scale: float
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Narrowly, and again where that leaves a doubt."""
        widths = self.graph.widths
        narrow = among(chosen, ef=_scaled(widths.narrow, scale, wanted))
        similarities, slots = _nearest(self._index, queries, wanted, narrow)
        best = similarities[:, 0].tolist()
        doubtful = [row for row, similarity in enumerate(best) if similarity < widths.doubt]
        if doubtful:
            found = self._again(queries[doubtful], wanted, chosen, scale)
            similarities[doubtful], slots[doubtful] = found
        return similarities, slots

    def _again(
        self, queries: Matrix, wanted: int, chosen: Any, scale: float
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Widely, or by the sketches of all that are chosen."""
        widths, sketches = self.graph.widths, self.graph.sketches
        if widths.compared:
            compared = _scaled(widths.compared, max(1.0, wanted / TUNED_DEPTH), wanted)
            return nearest_sketched(self._index, sketches, queries, wanted, compared, chosen)
        wide = among(chosen, ef=_scaled(widths.wide, scale, wanted))
        return _nearest(self._index, queries, wanted, wide)

    def _living(self) -> Any:
        if self._dead and self._selector is None:
            self._selector = selector(self._alive)
        return self._selector

    def _bury(self, ids: Ids) -> int:
        slots = self._slots.find(np.unique(ids))
        dying = slots[slots != MISSING]
        if dying.size:
            self._slots.put(self.graph.columns.ids[dying], np.full(dying.size, MISSING, np.int64))
            self._alive[dying] = False
            self._dead += dying.size
            self._selector = None
        return int(dying.size)


def _scaled(width: int, scale: float, wanted: int) -> int:
    """Return what a harder question takes of a width, or of a number of vectors compared."""
    return min(int(width * scale), max(WIDEST, 2 * wanted))


def _nearest(
    index: Any, queries: Matrix, wanted: int, parameters: Any
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return what ``index.search`` gives, in one call to FAISS: each lets go of Python's lock,
    which another thread may then hold for longer than a walk takes.
    """
    shape = len(queries), wanted
    similarities, slots = np.empty(shape, np.float32), np.empty(shape, np.int64)
    at = faiss.swig_ptr
    index.search_c(len(queries), at(queries), wanted, at(similarities), at(slots), parameters)
    return similarities, slots


def _graph_blocks(graph: Graph, slots: NDArray[np.int64]) -> Iterator[Block]:
    for start in range(0, slots.size, CHUNK):
        rows = slots[start : start + CHUNK]
        yield Block.picked(graph.columns, rows, graph.vectors(rows))
