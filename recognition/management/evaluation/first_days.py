"""The tables of first days, from a folder with the sets that they are measured on."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from statistics import mean
from zipfile import ZipFile

import numpy as np
from PIL import Image

from recognition.core.types import Domain, Matrix
from recognition.encoders.protocol import InspectingEncoder
from recognition.evaluation.first_days import (
    SIZES,
    FirstDay,
    KindOfThing,
    first_days,
    named_galleries,
    small_galleries,
)
from recognition.evaluation.metrics import Interval
from recognition.evaluation.omniglot import read_runs
from recognition.evaluation.shipped import Pictures, shipped_sets
from recognition.management.evaluation.cells import with_interval
from recognition.management.evaluation.measuring import Bench, Report
from recognition.services.evaluations.labelled_images import embed_pictures

LEAST_OWN = 8
"""From so many categories on, own photos must be found as often as before."""

OTHERS = 200
"""Photos of other kinds that every gallery is asked about."""

SEEN = {
    Domain.FACES: {"faces", "faces of LFW"},
    Domain.DRAWINGS: {"signatures", "alphabets", "drawings", "sklearn-digits", "matplotlib-glyphs"},
}
"""The sets that an encoder of one domain is asked about; a general one is asked about all."""

DRAWERS = 3
"""Of the alphabets, the people whose drawings are taken; each character has twenty."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture, the thing that it shows, and whether it may be a reference."""

    image: Image.Image
    thing: str
    may_refer: bool = True


Parts = Iterable[list[Shown]]


def first_days_report(folder: Path, bench: Bench) -> list[Report]:
    """Raises OSError where a set cannot be read."""
    spec = bench.encoder.spec
    seen = SEEN.get(spec.domain)
    sets = {
        name: _embedded(parts, bench)
        for name, parts in _sets(folder).items()
        if seen is None or name in seen
    }
    fars = bench.options.far
    by_photo, by_words = [], []
    for name, parts in sets.items():
        others = _others(sets, name)
        for shots in bench.options.shots:
            for size in SIZES:
                drawn = list(
                    small_galleries(
                        parts,
                        enrolled=size,
                        shots=shots,
                        count=bench.plan.count,
                        seed=bench.plan.seed,
                    )
                )
                if drawn:
                    found = first_days(drawn, others, bench.background, fars)
                    by_photo.append((name, shots, size, found))
                    bench.say(f"{name}, {shots} a thing: {size} enrolled")
        for size in SIZES if spec.reads_texts else ():
            named = named_galleries(
                parts,
                bench.background.cohort.texts,
                enrolled=size,
                count=bench.plan.count,
                seed=bench.plan.seed,
            )
            found = first_days(list(named), others[:0], bench.background, fars)
            by_words.append((name, 0, size, found))
    reports = [
        _table("First days, by photos", by_photo),
        _summary("The mean of those rows", by_photo),
    ]
    if not spec.reads_texts:
        return reports
    return [
        *reports,
        _table("First days, by names alone", by_words),
        _summary("The mean of those rows, by names", by_words),
    ]


Row = tuple[str, int, int, list[FirstDay]]


def _table(title: str, rows: Sequence[Row]) -> Report:
    fars = [each.far for each in rows[0][3]] if rows else []
    header = ["set", "shots", "enrolled"]
    for far in fars:
        header += [f"strangers matched at {far:.1%}", "claims accepted", "of other kinds"]
        header += ["own found", "own rejected"]
    cells = [
        (
            *(name, str(shots) if shots else "names", str(size)),
            *(_cell(value) for each in found for value in _values(each)),
        )
        for name, shots, size, found in rows
    ]
    reports = [
        {"set": name, "shots": shots, "enrolled": size, "at": [asdict(each) for each in found]}
        for name, shots, size, found in rows
    ]
    return Report(title, header, cells, reports)


def _summary(title: str, rows: Sequence[Row]) -> Report:
    """Means and worst rows, by how many are enrolled."""
    fars = [each.far for each in rows[0][3]] if rows else []
    header = ["enrolled", "rows"]
    for far in fars:
        header += [f"strangers matched at {far:.1%}", "in the worst row", "claims accepted"]
        header += ["in the worst row", "own found"]
    sizes = defaultdict(list)
    for _, _, size, found in rows:
        sizes[str(size)].append(found)
        sizes["all"].append(found)
    cells: list[Sequence[str]] = []
    reports = []
    for enrolled, founds in sizes.items():
        line = [enrolled, str(len(founds))]
        for at in range(len(fars)):
            days = [found[at] for found in founds]
            same = [day.same.mean for day in days]
            claims = [day.claims.mean for day in days]
            own = [day.found.mean for day in days if day.found]
            values = [mean(same), max(same), mean(claims), max(claims)]
            line += [f"{100 * value:.1f}" for value in values]
            line.append(f"{100 * mean(own):.1f}" if own else "–")
        cells.append(tuple(line))
        reports.append({"enrolled": enrolled, "cells": line})
    return Report(title, header, cells, reports)


def _values(day: FirstDay) -> tuple[Interval | None, ...]:
    return day.same, day.claims, day.others, day.found, day.rejected


def _cell(value: Interval | None) -> str:
    return "–" if value is None else with_interval(value)


def _embedded(parts: Parts, bench: Bench) -> list[KindOfThing]:
    return [_kind(part, bench.encoder) for part in parts]


def _kind(shown: list[Shown], encoder: InspectingEncoder) -> KindOfThing:
    names = sorted({each.thing for each in shown})
    numbers = {name: number for number, name in enumerate(names)}
    return KindOfThing(
        embed_pictures([each.image for each in shown], encoder),
        np.array([numbers[each.thing] for each in shown], np.int64),
        np.array([each.may_refer for each in shown]),
    )


def _others(sets: dict[str, list[KindOfThing]], name: str) -> Matrix:
    """As many photos of each other set."""
    rest = [np.concatenate([part.vectors for part in sets[each]]) for each in sets if each != name]
    generator, each = np.random.default_rng(0), -(-OTHERS // max(len(rest), 1))
    chosen = [rows[generator.permutation(len(rows))[:each]] for rows in rest]
    none = np.empty((0, sets[name][0].vectors.shape[1]), np.float32)
    return np.concatenate([none, *chosen])[:OTHERS]


def _sets(folder: Path) -> dict[str, Parts]:
    """The sets that are there, each read as it is asked for."""
    read: dict[str, tuple[str, Callable[[Path], Parts]]] = {
        "faces": ("orl-faces", _folders),
        "faces of LFW": ("faces-lfw10", _folders),
        "tiles": ("magnetic-tile-defects", _folders),
        "hands": ("sign-language-digits", _folders),
        "groceries": ("groceries", _folders),
        "signatures": ("signatures-sigcomp09", _signatures),
        "cards": ("playing-cards", _cards),
        "boards": ("pcb-defects", _boards),
        "alphabets": ("handwritten-alphabets", _alphabets),
        "drawings": ("omniglot-one-shot", _drawings),
    }
    found: dict[str, Parts] = {
        name: reader(folder / where)
        for name, (where, reader) in read.items()
        if (folder / where).is_dir()
    }
    for name, pictures in shipped_sets().items():
        found[name] = _shipped(pictures())
    return found


def _shipped(pictures: Pictures) -> Parts:
    pairs = zip(pictures.images, pictures.labels, strict=True)
    yield [Shown(image, pictures.names[label]) for image, label in pairs]


def _opened(data: bytes | Path) -> Image.Image:
    with Image.open(BytesIO(data) if isinstance(data, bytes) else data) as image:
        return image.convert("RGB")


def _folders(folder: Path) -> Parts:
    """A folder a thing; of products the iconic picture is the reference."""
    files = sorted(path for path in folder.glob("*/*") if path.is_file())
    iconic = any(path.stem == "iconic" for path in files)
    yield [
        Shown(_opened(path), path.parent.name, path.stem == "iconic" or not iconic)
        for path in files
    ]


def _signatures(folder: Path) -> Parts:
    """Genuine ones: other writers are the strangers."""
    yield [Shown(_opened(path), path.parts[-3]) for path in sorted(folder.glob("*/genuine/*"))]


def _cards(folder: Path) -> Parts:
    """Cards cut out of their photos; ranks are the things."""
    with (folder / "boxes.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    yield [Shown(_cut_out(folder / "photos" / row["file"], row), row["label"]) for row in rows]


def _cut_out(path: Path, box: Mapping[str, str]) -> Image.Image:
    left, top, right, bottom = (int(box[side]) for side in ("x1", "y1", "x2", "y2"))
    return _opened(path).crop((left, top, right, bottom))


def _boards(folder: Path) -> Parts:
    """Each good board is a reference, its defective twin another photo of it."""
    yield [
        Shown(_opened(path), path.stem, path.parent.name == "good")
        for path in sorted(folder.glob("*/*"))
        if path.parent.name in {"good", "defective"}
    ]


def _alphabets(folder: Path) -> Parts:
    """Each alphabet is a kind of its own."""
    with ZipFile(next(folder.glob("*.zip"))) as archive:
        drawn = defaultdict(list)
        for name in sorted(archive.namelist()):
            matched = re.fullmatch(r"(.+)/(character\d+)/\d+_(\d+)\.png", name)
            if matched and int(matched[3]) <= DRAWERS:
                drawn[matched[1]].append(Shown(_opened(archive.read(name)), matched[2]))
        yield from drawn.values()


def _drawings(folder: Path) -> Iterator[list[Shown]]:
    """Each official run is a kind of its own, with two drawings of each character."""
    for run in read_runs(folder / "all_runs.zip"):
        references = [Shown(image, str(at)) for at, image in enumerate(run.references)]
        queries = zip(run.queries, run.truths, strict=True)
        yield references + [Shown(image, str(truth), False) for image, truth in queries]
