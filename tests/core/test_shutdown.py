"""A process may end while a graph is being built."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROGRAM = """
import atexit, sys, threading, time

@atexit.register  # what is registered first comes last
def tell():
    print([thread.name for thread in threading.enumerate()], index.kind)

from recognition.index.hnsw import graph_build
from recognition.index.adaptive.adaptive import AdaptiveIndex
from recognition.benchmarks.index.engines import as_block
from recognition.benchmarks.index.vectors import clustered_vectors
from recognition.index.exact.faiss_exact import ExactIndex
from recognition.index.kinds import IndexKind

reached, step = threading.Event(), getattr(graph_build, sys.argv[1])

def announced(*args):
    reached.set()
    return step(*args)

setattr(graph_build, sys.argv[1], announced)
exact = ExactIndex(512)
exact.load(as_block(clustered_vectors(12_000), 0))
index = AdaptiveIndex(512, kind=IndexKind.HNSW_FP16, live=exact)
index.renew_if_due()
assert reached.wait(60)
time.sleep(0.05)
"""


@pytest.mark.parametrize("step", ["_add", "tune"])
def test_a_process_ends_in_order_while_a_graph_is_built(step: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM, step],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "['MainThread'] exact\n", "")
