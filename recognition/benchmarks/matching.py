"""What deciding costs on top of search, beside a plain nearest-neighbour loop."""

from __future__ import annotations

import json
import os
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from recognition.core.arrays import unit_rows
from recognition.core.cores import core_count
from recognition.core.types import EvidenceKind, Matrix, Vector
from recognition.evaluation.markdown import table
from recognition.matching.background import Background
from recognition.matching.cohort import Cohort
from recognition.matching.decisions import decide
from recognition.matching.fit import fit
from recognition.matching.model import GalleryModel
from recognition.matching.support import SupportSet
from recognition.services.matching.match import CONTENDERS

HELP = "A decision on top of search, beside a plain nearest-neighbour loop on the same vectors."
HEADINGS = ("on top of search", "median ms", "p99 ms", "plain loops")
COHORT_IMAGES = 100
COHORT_TEXTS = 1000
LOOKS = 4
NOISE = 0.8


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--references", type=int, default=10_000)
    parser.add_argument("--shots", type=int, default=5, help="References of a category.")
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--json", action="store_true")


@dataclass(frozen=True, slots=True)
class Row:
    """Of one way of answering: milliseconds a query, and how many loops that is worth."""

    what: str
    median_ms: float
    p99_ms: float
    loops: float


def run(say: Callable[[str], Any], **options: Any) -> None:
    before = os.getloadavg()[0]
    rows = measure(
        options["references"], options["shots"], options["dimension"], options["queries"]
    )
    load = {"before": before, "after": os.getloadavg()[0], "cores": core_count()}
    if options["json"]:
        say(json.dumps({"load": load, "rows": [asdict(row) for row in rows]}, indent=2))
        return
    say(f"{core_count()} cores; load {before:.1f} before, {load['after']:.1f} after\n")
    say(table(HEADINGS, map(_cells, rows)))


def _cells(row: Row) -> tuple[str, ...]:
    return row.what, f"{row.median_ms:.2f}", f"{row.p99_ms:.2f}", f"{row.loops:.2f}"


def measure(references: int, shots: int, dimension: int, queries: int) -> list[Row]:
    """The plain loop, then decisions on the categories that a search found."""
    world = _World.of(references, shots, dimension)
    asked = world.draw(queries * LOOKS, 2).reshape(queries, LOOKS, dimension)
    found = [world.contenders(looks[0]) for looks in asked]
    described = [world.described(support) for support in found]
    loop = _timed(lambda i: world.nearest(asked[i, 0]), queries)

    def decided(supports: list[SupportSet], looks: int) -> list[float]:
        return _timed(lambda i: decide(world.model, asked[i, :looks], supports[i]), queries)

    timed = {
        f"plain nearest-neighbour loop, {references:,} references": loop,
        "decision": decided(found, 1),
        f"decision, {LOOKS} looks at one thing": decided(found, LOOKS),
        "decision, references and prompts": decided(described, 1),
    }
    plain = float(np.median(loop))
    return [
        Row(what, float(np.median(each)), float(np.quantile(each, 0.99)), np.median(each) / plain)
        for what, each in timed.items()
    ]


@dataclass(frozen=True, slots=True)
class _World:
    """A gallery of categories that are directions, and queries like its references."""

    support: SupportSet
    centres: Matrix
    model: GalleryModel

    @classmethod
    def of(cls, references: int, shots: int, dimension: int) -> _World:
        generator = np.random.default_rng(0)
        centres = unit_rows(generator.normal(size=(max(references // shots, 3), dimension)))
        rows = _around(centres, references, generator)
        owners = np.arange(references) % len(centres)
        kinds = [EvidenceKind.REFERENCE] * references
        support = SupportSet.of(np.arange(1, references + 1), owners, kinds, rows)
        cohort = Cohort(
            "benchmark",
            unit_rows(generator.normal(size=(COHORT_IMAGES, dimension))),
            unit_rows(generator.normal(size=(COHORT_TEXTS, dimension))),
        )
        return cls(support, centres, fit(support, Background.of(cohort)))

    def draw(self, count: int, seed: int) -> Matrix:
        return _around(self.centres, count, np.random.default_rng(seed))

    def nearest(self, query: Vector) -> int:
        return int(self.support.categories[(self.support.vectors @ query).argmax()])

    def contenders(self, query: Vector) -> SupportSet:
        """As the index finds them: all of the categories that are nearest."""
        order = np.argsort(-(self.support.vectors @ query), kind="stable")
        owners = self.support.categories[order]
        _, first = np.unique(owners, return_index=True)
        return self.support.of_categories(owners[np.sort(first)[:CONTENDERS]])

    def described(self, support: SupportSet) -> SupportSet:
        """The same with a prompt for each category."""
        owners = np.unique(support.categories)
        texts = _around(self.centres, len(owners), np.random.default_rng(3))
        ids = np.concatenate([support.ids, -owners - 1])
        kinds = [EvidenceKind.REFERENCE] * len(support) + [EvidenceKind.PROMPT] * len(owners)
        categories = np.concatenate([support.categories, owners])
        return SupportSet.of(ids, categories, kinds, np.concatenate([support.vectors, texts]))


def _around(centres: Matrix, count: int, generator: np.random.Generator) -> Matrix:
    noise = generator.normal(size=(count, centres.shape[1])) * NOISE / np.sqrt(centres.shape[1])
    return unit_rows(centres[np.arange(count) % len(centres)] + noise)


def _timed(call: Callable[[int], Any], count: int) -> list[float]:
    """Milliseconds of each call, after some that warm up."""
    for index in range(min(count, 5)):
        call(index)
    taken = []
    for index in range(count):
        started = time.perf_counter()
        call(index)
        taken.append((time.perf_counter() - started) * 1000.0)
    return taken
