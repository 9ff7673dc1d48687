"""A state of an index that no later change touches, and its way to files and back."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from recognition.index.adaptive.renewal import LiveIndex
from recognition.index.blocks import Block
from recognition.index.columns import Columns
from recognition.index.exact.faiss_exact import ExactIndex
from recognition.index.hnsw.faiss_graph import Graph, GraphIndex
from recognition.index.hnsw.scrub import scrubbed
from recognition.index.hnsw.sketches import Sketches
from recognition.index.hnsw.widths import Widths
from recognition.index.kinds import IndexKind

_GRAPH = "graph.faiss"
_BLOCK_COLUMNS = ("ids", "categories", "kinds", "vectors")
_GRAPH_COLUMNS = ("graph_ids", "graph_categories", "graph_kinds", "alive")
_SKETCHES = ("sketch_directions", "sketch_thresholds", "sketch_codes")

EXACT_FILES = frozenset(f"{name}.npy" for name in _BLOCK_COLUMNS)
GRAPH_FILES = EXACT_FILES | {_GRAPH} | {f"{name}.npy" for name in _GRAPH_COLUMNS + _SKETCHES}


@dataclass(frozen=True, slots=True, eq=False)
class Frozen:
    """Exact vectors, and for a graph index the graph and which of its slots are alive."""

    block: Block
    dimension: int
    graph: Graph | None = None
    alive: NDArray[np.bool_] | None = None

    @property
    def kind(self) -> IndexKind:
        return self.graph.kind if self.graph is not None else IndexKind.EXACT

    def __len__(self) -> int:
        return len(self.block) + (0 if self.alive is None else int(np.count_nonzero(self.alive)))


def freeze(index: LiveIndex) -> Frozen:
    """Return what the index holds now; it must not change meanwhile."""
    if isinstance(index, GraphIndex):
        return Frozen(index.tail.block(), index.dimension, index.graph, index.alive)
    return Frozen(index.block(), index.dimension)


def thaw(frozen: Frozen) -> LiveIndex:
    exact = ExactIndex(frozen.dimension)
    if len(frozen.block):
        exact.load(frozen.block)
    if frozen.graph is None:
        return exact
    return GraphIndex(frozen.graph, frozen.alive, exact)


def save(frozen: Frozen, folder: Path) -> None:
    """Write the state's files, free of removed vectors, and see them through to the disk."""
    _save_columns(_columns(frozen), folder)
    if frozen.graph is not None and frozen.alive is not None:
        index = scrubbed(frozen.graph.faiss_index, frozen.alive)
        faiss.write_index(index, str(folder / _GRAPH))
        with (folder / _GRAPH).open("rb") as file:
            os.fsync(file.fileno())
        dead = np.flatnonzero(~frozen.alive)
        sketches = frozen.graph.sketches.replaced(dead, index.reconstruct_batch(dead))
        parts = sketches.directions, sketches.thresholds, sketches.codes
        _save_columns(zip(_SKETCHES, parts, strict=True), folder)


def load(folder: Path, dimension: int, kind: IndexKind, widths: Widths | None) -> Frozen:
    """Read a state's files, whose checksums the caller has verified; a graph is mapped."""
    block = Block(*(np.load(folder / f"{name}.npy") for name in _BLOCK_COLUMNS))
    if kind is IndexKind.EXACT or widths is None:
        return Frozen(block, dimension)
    ids, categories, kinds, alive = (np.load(folder / f"{name}.npy") for name in _GRAPH_COLUMNS)
    columns = Columns()
    columns.extend(ids, categories, kinds)
    index: Any = faiss.read_index(str(folder / _GRAPH), faiss.IO_FLAG_MMAP_IFC)
    sketches = Sketches(*(np.load(folder / f"{name}.npy") for name in _SKETCHES))
    return Frozen(block, dimension, Graph(index, columns, kind, widths, sketches), alive)


def _save_columns(columns: Iterable[tuple[str, NDArray[np.generic]]], folder: Path) -> None:
    for name, column in columns:
        with (folder / f"{name}.npy").open("wb") as file:
            np.save(file, column, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())


def _columns(frozen: Frozen) -> Iterator[tuple[str, NDArray[np.generic]]]:
    block, graph = frozen.block, frozen.graph
    yield from zip(
        _BLOCK_COLUMNS, (block.ids, block.categories, block.kinds, block.vectors), strict=True
    )
    if graph is not None and frozen.alive is not None:
        columns = graph.columns
        yield from zip(
            _GRAPH_COLUMNS,
            (columns.ids, columns.categories, columns.kinds, frozen.alive),
            strict=True,
        )
