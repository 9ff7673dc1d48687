"""Each backend behind the one protocol, empty at first."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from recognition.core.types import Matrix
from recognition.index.adaptive.adaptive import AdaptiveIndex
from recognition.index.adaptive.renewal import Limits
from recognition.index.exact.faiss_exact import ExactIndex
from recognition.index.kinds import IndexKind
from recognition.index.milvus.milvus import MilvusIndex
from recognition.index.protocol import Hit, Scope, VectorIndex
from tests.index.builders import DIMENSION

EAGER = Limits(tail=16, dead_share=0.1, dead=8)


class EagerGraph(AdaptiveIndex):
    """HNSW from the first vector, renewed all the time, and settled before each search."""

    def __init__(self, kind: IndexKind) -> None:
        super().__init__(DIMENSION, kind=kind, limits=EAGER)

    def search(self, queries: Matrix, limit: int, scope: Scope | None = None) -> list[list[Hit]]:
        self.settle()
        return super().search(queries, limit, scope)


FAISS: dict[str, Callable[[], VectorIndex]] = {
    "exact": lambda: ExactIndex(DIMENSION),
    "hnsw": lambda: EagerGraph(IndexKind.HNSW),
    "hnsw_fp16": lambda: EagerGraph(IndexKind.HNSW_FP16),
}

_numbers = itertools.count()


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Any:
    pymilvus = pytest.importorskip("pymilvus", reason="the extra 'milvus' is not installed")
    pytest.importorskip("milvus_lite", reason="the extra 'milvus' is not installed")
    client = pymilvus.MilvusClient(str(tmp_path_factory.mktemp("milvus") / "index.db"))
    yield client
    client.close()


@pytest.fixture
def milvus_index(milvus: Any) -> Any:
    index = MilvusIndex(milvus, f"gallery_{next(_numbers)}", DIMENSION)
    yield index
    index.drop()


@pytest.fixture(params=[*FAISS, "milvus_lite"])
def index(request: pytest.FixtureRequest) -> VectorIndex:
    if request.param == "milvus_lite":
        served: VectorIndex = request.getfixturevalue("milvus_index")
        return served
    return FAISS[request.param]()
