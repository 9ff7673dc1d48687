"""Omniglot's official one-shot runs (Lake et al. 2015): within an alphabet, 20-way, 20 runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
from PIL import Image

from recognition.core.types import Matrix
from recognition.evaluation.episodes import Method
from recognition.evaluation.labelled import as_support

RUNS = 20
LABELS = "run{:02d}/class_labels.txt"
PEOPLE = 0.955

Embed = Callable[[Sequence[Image.Image]], Matrix]


@dataclass(frozen=True, slots=True)
class Run:
    """Drawings to recognise, one reference of each class, and the class of each drawing."""

    queries: tuple[Image.Image, ...]
    references: tuple[Image.Image, ...]
    truths: tuple[int, ...]


def read_runs(archive: Path) -> list[Run]:
    """Read the runs of ``all_runs.zip``, in order. Raises KeyError where one is missing."""
    with ZipFile(archive) as opened:
        return [_read_run(opened, number) for number in range(1, RUNS + 1)]


def run_accuracies(runs: Sequence[Run], embed: Embed, method: Method) -> list[float]:
    """Return the share of right answers of each run."""
    return [_accuracy(run, embed, method) for run in runs]


def _accuracy(run: Run, embed: Embed, method: Method) -> float:
    support = as_support(embed(run.references), np.arange(len(run.references), dtype=np.int64))
    scores = method(support, embed(run.queries))
    return float((scores.argmax(axis=1) == np.array(run.truths)).mean())


def _read_run(archive: ZipFile, number: int) -> Run:
    lines = archive.read(LABELS.format(number)).decode().split("\n")
    pairs = [line.split() for line in lines if line.strip()]
    classes = sorted({reference for _, reference in pairs})
    return Run(
        tuple(_drawing(archive, query) for query, _ in pairs),
        tuple(_drawing(archive, reference) for reference in classes),
        tuple(classes.index(reference) for _, reference in pairs),
    )


def _drawing(archive: ZipFile, name: str) -> Image.Image:
    with Image.open(BytesIO(archive.read(name))) as opened:
        return opened.convert("L").convert("RGB")
