"""Each backend behind the one protocol, empty and closed after the test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recognition.index.adaptive import AdaptiveIndex
from recognition.index.faiss_exact import ExactIndex
from recognition.index.kinds import IndexKind
from recognition.index.protocol import VectorIndex
from recognition.index.renewal import Limits
from tests.index.builders import DIMENSION

EAGER = Limits(tail=16, dead_share=0.1, dead=8)


class EagerGraph(AdaptiveIndex):
    """HNSW from the first vector, renewed all the time, and settled before each search."""

    def __init__(self, kind: IndexKind) -> None:
        super().__init__(DIMENSION, kind=kind, limits=EAGER)

    def search(self, *args, **options):  # type: ignore[no-untyped-def]
        self.settle()
        return super().search(*args, **options)


BACKENDS: dict[str, Callable[[], VectorIndex]] = {
    "exact": lambda: ExactIndex(DIMENSION),
    "hnsw": lambda: EagerGraph(IndexKind.HNSW),
    "hnsw_fp16": lambda: EagerGraph(IndexKind.HNSW_FP16),
}


@pytest.fixture(params=list(BACKENDS))
def index(request: pytest.FixtureRequest) -> VectorIndex:
    return BACKENDS[request.param]()
