"""Labelled images kept outside the repository, of every size and mode that they come in."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

SUFFIXES = {".jpg", ".jpeg", ".pgm", ".png"}
SAMPLE = 3
"""Images of each category, the first of which is its reference; ONESHOT_EVAL=all takes all."""


@dataclass(frozen=True)
class Labelled:
    """Files, and the category of each."""

    name: str
    files: list[bytes]
    labels: list[int]


def labelled_sets(folder: Path) -> list[Labelled]:
    found = [_folder(path) for path in sorted(folder.iterdir()) if any(path.glob("*/*"))]
    return [*found, *(_drawings(path) for path in folder.rglob("all_runs.zip"))]


def _folder(folder: Path) -> Labelled:
    groups = defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES:
            groups[path.parent].append(path.read_bytes())
    return _labelled(folder.name, list(groups.values()))


def _drawings(archive: Path) -> Labelled:
    """Omniglot's first run: each drawing that is to be recognised after its one reference."""
    with ZipFile(archive) as opened:
        pairs = [
            line.split() for line in opened.read("run01/class_labels.txt").decode().split("\n")
        ]
        return _labelled(
            "omniglot", [[opened.read(pair[1]), opened.read(pair[0])] for pair in pairs if pair]
        )


def _labelled(name: str, groups: list[list[bytes]]) -> Labelled:
    count = None if os.environ.get("ONESHOT_EVAL") == "all" else SAMPLE
    chosen = [group[:count] for group in groups]
    labels = [label for label, group in enumerate(chosen) for _ in group]
    return Labelled(name, [data for group in chosen for data in group], labels)
