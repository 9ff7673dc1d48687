"""What is compared: an engine is built once and then answers one query at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol, TypeAlias

import faiss
import numpy as np

from recognition.core.types import Ids, Matrix
from recognition.index.adaptive.adaptive import AdaptiveIndex
from recognition.index.blocks import Block
from recognition.index.exact.faiss_exact import ExactIndex
from recognition.index.hnsw.faiss_graph import GraphIndex
from recognition.index.hnsw.graph_build import LINKS, construction_width
from recognition.index.hnsw.widths import Widths
from recognition.index.kinds import IndexKind
from recognition.index.protocol import VectorIndex

DEPTH = 10
"""Neighbours that each query asks for."""

Found: TypeAlias = list[int] | Ids
"""Ids in the form that costs an engine the least."""

MEMBERS = 20
"""Vectors a category."""


class Engine(Protocol):
    """Built from vectors whose row numbers are their ids."""

    @property
    def name(self) -> str: ...

    @property
    def is_slow(self) -> bool:
        """Whether it is asked but some of the queries."""
        ...

    @property
    def is_tunable(self) -> bool:
        """Whether its search width is the caller's to choose."""
        ...

    def build(self, vectors: Matrix) -> None: ...

    def set_width(self, width: int) -> None: ...

    def search(self, query: Matrix) -> Found:
        """The ids of the DEPTH nearest to one query, shape ``(1, d)``."""
        ...


class Ours:
    """The index as a gallery uses it: checked queries, hits with their category and kind."""

    is_slow = is_tunable = False

    def __init__(self, kind: IndexKind) -> None:
        self.name = f"oneshot {kind}"
        self._kind = kind

    def build(self, vectors: Matrix) -> None:
        exact = ExactIndex(vectors.shape[1])
        exact.load(as_block(vectors, 0))
        self.index = AdaptiveIndex(vectors.shape[1], kind=self._kind, live=exact)
        self.index.settle()

    def set_width(self, width: int) -> None:
        raise ValueError("The index has chosen its own search width.")

    def search(self, query: Matrix) -> Found:
        return nearest_ids(self.index, query)


class OursAsNarrow:
    """Our graph with widths that are chosen as the other engines' are: to suffice for the very
    queries that it is then measured on."""

    is_slow = is_tunable = False

    def __init__(self, ours: Ours) -> None:
        self.name = f"{ours.name}, tuned as others"
        self._ours = ours

    def build(self, vectors: Matrix) -> None:
        live = self._ours.index.live
        if not isinstance(live, GraphIndex):
            raise TypeError("Only a graph has widths.")
        self._graph = live.graph

    def set_width(self, width: int) -> None:
        self.set_widths(Widths(width, width))

    def set_widths(self, widths: Widths) -> None:
        self._index = GraphIndex(replace(self._graph, widths=widths))

    def search(self, query: Matrix) -> Found:
        return nearest_ids(self._index, query)


class PlainFaiss:
    """The few lines of FAISS that one would write by hand."""

    is_slow = False

    def __init__(self, *, graph: bool) -> None:
        self.name = f"plain FAISS {'HNSW' if graph else 'flat'}"
        self.is_tunable = graph
        self._graph = graph

    def build(self, vectors: Matrix) -> None:
        dimension = vectors.shape[1]
        self._inner: Any = faiss.IndexFlatIP(dimension)
        if self._graph:
            self._inner = faiss.IndexHNSWFlat(dimension, LINKS, faiss.METRIC_INNER_PRODUCT)
            self._inner.hnsw.efConstruction = construction_width(len(vectors))
        self._index: Any = faiss.IndexIDMap2(self._inner)
        self._index.add_with_ids(vectors, np.arange(len(vectors)))

    def set_width(self, width: int) -> None:
        self._inner.hnsw.efSearch = width

    def search(self, query: Matrix) -> Ids:
        ids: Ids = self._index.search(query, DEPTH)[1][0]
        return ids


def nearest_ids(index: VectorIndex, query: Matrix) -> list[int]:
    """Those of the DEPTH nearest to one query, shape ``(1, d)``."""
    [hits] = index.search(query, DEPTH)
    return [hit.id for hit in hits]


def as_block(vectors: Matrix, first_id: int) -> Block:
    ids = np.arange(first_id, first_id + len(vectors))
    return Block(ids, ids // MEMBERS, np.zeros(len(ids), np.uint8), vectors)
