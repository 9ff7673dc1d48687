"""Other engines, each with the graph's parameters that ours has."""

from __future__ import annotations

import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from recognition.benchmarks.index.engines import DEPTH, Engine, Found, as_block, nearest_ids
from recognition.core.types import Ids, Matrix
from recognition.index.hnsw.graph_build import LINKS, construction_width
from recognition.index.milvus.milvus import BATCH, MilvusIndex


class HnswLib:
    name = "hnswlib"
    is_tunable, is_slow = True, False

    def build(self, vectors: Matrix) -> None:
        count, dimension = vectors.shape
        self._index: Any = import_module("hnswlib").Index(space="ip", dim=dimension)
        self._index.init_index(
            max_elements=count, M=LINKS, ef_construction=construction_width(count)
        )
        self._index.add_items(vectors, np.arange(count))

    def set_width(self, width: int) -> None:
        self._index.set_ef(width)

    def search(self, query: Matrix) -> Ids:
        labels, _ = self._index.knn_query(query, DEPTH, num_threads=1)
        return np.asarray(labels[0], np.int64)


class USearch:
    name = "usearch"
    is_tunable, is_slow = True, False

    def build(self, vectors: Matrix) -> None:
        self._index: Any = import_module("usearch.index").Index(
            ndim=vectors.shape[1],
            metric="ip",
            dtype="f32",
            connectivity=LINKS,
            expansion_add=construction_width(len(vectors)),
        )
        self._index.add(np.arange(len(vectors)), vectors)

    def set_width(self, width: int) -> None:
        self._index.expansion_search = width

    def search(self, query: Matrix) -> Ids:
        return np.asarray(self._index.search(query[0], DEPTH).keys, np.int64)


class MilvusLite:
    name = "milvus-lite"
    is_tunable, is_slow = False, True

    def build(self, vectors: Matrix) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="oneshot-benchmark-")
        path = Path(self._folder.name) / "index.db"
        client = import_module("pymilvus").MilvusClient(str(path))
        self._index = MilvusIndex(client, "benchmark", vectors.shape[1])
        for start in range(0, len(vectors), BATCH):
            block = as_block(vectors[start : start + BATCH], start)
            self._index.add(list(block.entries()))
        self._index.seal()

    def set_width(self, width: int) -> None:
        raise ValueError("Its search width follows from the limit.")

    def search(self, query: Matrix) -> Found:
        return nearest_ids(self._index, query)


_PACKAGES: dict[str, type[HnswLib | USearch | MilvusLite]] = {
    "hnswlib": HnswLib,
    "usearch": USearch,
    "milvus_lite": MilvusLite,
}
_MILVUS_LITE_AT_MOST = 100_000


def rivals(count: int) -> list[Engine]:
    """The other engines to compare at a size, of those that are installed."""
    installed = [kind for package, kind in _PACKAGES.items() if find_spec(package)]
    return [kind() for kind in installed if kind is not MilvusLite or count <= _MILVUS_LITE_AT_MOST]
