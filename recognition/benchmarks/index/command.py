"""The index beside other engines, on the same vectors in the same run."""

from __future__ import annotations

import os
import platform
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any

import faiss
from django.core.management.base import CommandError

from recognition.benchmarks.index.measure import Measurement
from recognition.benchmarks.index.report import HEADINGS, QUERIES, benchmark, cells
from recognition.core.cores import core_count
from recognition.evaluation.markdown import table

HELP = "Recall, latency, throughput, memory and start time of the index and of other engines."
SIZES = (10_000, 100_000, 1_000_000)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="Vectors.")
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--queries", type=int, default=QUERIES)
    parser.add_argument(
        "--engines", nargs="+", default=("",), help="Those whose name holds one of these words."
    )


def run(say: Callable[[str], Any], **options: Any) -> None:
    say(f"{platform.machine()}, {core_count()} cores, FAISS {faiss.__version__}")
    for size in options["sizes"]:
        before = os.getloadavg()[0]
        measured = _measure(size, options, say)
        say(f"\n{size:,} vectors: load {before:.1f} before, {os.getloadavg()[0]:.1f} after\n")
        say(table(HEADINGS, map(cells, measured)))


def _measure(
    size: int, options: Mapping[str, Any], tell: Callable[[str], Any]
) -> list[Measurement]:
    try:
        return benchmark(
            size,
            dimension=options["dimension"],
            queries=options["queries"],
            only=options["engines"],
            tell=tell,
        )
    except ValueError as error:
        raise CommandError(str(error)) from error
