"""The tables of ``docs/matching.md``, from a folder with the sets that they are measured on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from recognition.management.evaluation.measuring import Bench, Told, omniglot
from recognition.management.evaluation.sources import OMNIGLOT, LabelledFiles, OmniglotRuns
from recognition.management.evaluation.tables import percent, with_interval
from recognition.matching.evaluation.episodes import Episode
from recognition.matching.evaluation.labelled import LabelledSet
from recognition.matching.evaluation.omniglot import read_runs
from recognition.matching.evaluation.results import Results
from recognition.matching.evaluation.rounds import drawn_episodes, measured_at
from recognition.services.evaluations.measure_omniglot import drawings
from recognition.services.evaluations.measure_set import ablate_set
from recognition.services.evaluations.measure_texts import (
    described_alone,
    mixed_kinds,
    photographed_strangers,
)

SETS = {
    "faces": "orl-faces",
    "tiles": "magnetic-tile-defects",
    "hands": "sign-language-digits",
}
SHARES = (0.5, 0.8)
"""Of the classes, those that are enrolled while the promise is put to the test."""


def report(folder: Path, bench: Bench) -> list[Told]:
    """Raises NothingToEvaluate, ArchiveError kinds, OSError."""
    there = {
        name: LabelledFiles(folder / where)
        for name, where in SETS.items()
        if (folder / where).is_dir()
    }
    sets = {name: bench.embedded(source) for name, source in there.items()}
    once = {name: bench.seen_once(source) for name, source in there.items()}
    runs = folder / OMNIGLOT if (folder / OMNIGLOT).is_file() else None
    told = [steps(sets, once, bench)] if sets else []
    if runs:
        told.append(omniglot(OmniglotRuns(runs), bench))
    told.append(promise(dict(rounds(sets, runs, bench)), bench))
    return [*told, texts_alone(sets, runs, bench), texts_and_images(bench)]


def steps(sets: dict[str, LabelledSet], once: dict[str, LabelledSet], bench: Bench) -> Told:
    """Every step's worth, on the half of the classes that nothing is tuned on."""
    plan = replace(bench.plan, half="report")
    columns = [
        list(ablate_set(data, once[name], bench.background, plan, shots=shots))
        for name, data in sets.items()
        for shots in bench.options.shots
    ]
    rows = []
    for line in zip(*columns, strict=True):
        tops = [each.top1.mean for each in line]
        areas = [each.auroc.mean for each in line if each.auroc is not None]
        means = (sum(tops) / len(tops), sum(areas) / max(len(areas), 1))
        rows.append((line[0].method, *map(percent, tops), *map(percent, means)))
    asked = [f"{name} {shots}" for name in sets for shots in bench.options.shots]
    header = ["", *asked, "mean", "AUROC"]
    return Told("What each step is worth: top-1 on half of the classes", header, rows, rows)


def rounds(
    sets: dict[str, LabelledSet], runs: Path | None, bench: Bench
) -> Iterator[tuple[tuple[str, int, float], list[Episode]]]:
    """Random splits of all classes into some enrolled and the others strangers."""
    for name, data in sets.items():
        for shots in bench.options.shots:
            for share in SHARES:
                plan = replace(bench.plan, enrolled=share)
                yield (name, shots, share), plan.opened(data, shots)
    if runs is None:
        return
    alphabets = drawings(read_runs(runs), bench.encoder)
    for share in SHARES:
        drawn = [
            episode
            for number, data in enumerate(alphabets)
            for episode in drawn_episodes(
                data, shots=1, count=1, enrolled=share, seed=bench.plan.seed + number
            )
        ]
        yield ("drawings", 1, share), drawn


def promise(asked: dict[tuple[str, int, float], list[Episode]], bench: Bench) -> Told:
    """The errors at thresholds that were set beforehand, and those of hindsight beside them."""
    fars = bench.options.far
    rows, found, drawn = [], [], []
    for (name, shots, share), episodes in asked.items():
        what = f"{name}, {shots} a class, {share:.0%} enrolled"
        measured = measured_at(episodes, bench.background, fars=fars, through=bench.through(what))
        rows.append(_promised(name, shots, measured))
        found.append({"set": name, "shots": shots, "at": [each.to_json() for each in measured]})
        drawn.append((f"{name}-{shots}-{measured[0].categories}", measured[0]))
    header = (
        *("set", "shots", "enrolled"),
        *(f"{error} set {far:.1%}" for error in ("FAR", "FPIR") for far in fars),
        *("EER", f"TAR at {fars[0]:.1%}", f"FNIR at {fars[0]:.1%}", "AUROC", "ECE"),
    )
    return Told(
        "The promise: strangers are classes not enrolled", header, rows, found, tuple(drawn)
    )


def texts_alone(sets: dict[str, LabelledSet], runs: Path | None, bench: Bench) -> Told:
    """Twenty descriptions, asked about images that show none of them."""
    background = bench.background
    strangers = {name: [(data.vectors, background)] for name, data in sets.items()}
    if runs:
        drawn = [data.vectors for data in drawings(read_runs(runs), bench.encoder)]
        strangers["drawings"] = [(np.concatenate(drawn), background)]
    strangers["photos"] = photographed_strangers(background, bench.encoder)
    fars = bench.options.far
    rows, found = [], []
    for name, batches in strangers.items():
        measured = described_alone(batches, bench.encoder, fars)
        rates = [with_interval(each.promise.far) for each in measured]
        rates += [with_interval(each.promise.fpir) for each in measured]
        rows.append((name, *rates))
        found.append({"set": name, "at": [each.to_json() for each in measured]})
    header = ("strangers", *(f"{error} set {far:.1%}" for error in ("FAR", "FPIR") for far in fars))
    return Told("Twenty categories of words alone", header, rows, found)


def texts_and_images(bench: Bench) -> Told:
    """Whether either kind swamps the other in one gallery."""
    found = mixed_kinds(
        bench.background,
        bench.encoder,
        fars=bench.options.far,
        count=bench.plan.count,
        seed=bench.plan.seed,
    )
    rows = [
        (each.kind, f"{each.far:.1%}", with_interval(each.mixed), with_interval(each.alone))
        for each in found
    ]
    header = ("known by", "FAR set", "recall, mixed", "recall, alone")
    title = "Six things by a photo and six by words, in one gallery and alone"
    return Told(title, header, rows, [asdict(each) for each in found])


def _promised(name: str, shots: int, measured: Sequence[Results]) -> tuple[str, ...]:
    first = measured[0]
    verification, open_set, confidence = first.verification, first.open_set, first.confidence
    assert verification and open_set and confidence  # noqa: S101 - there are strangers and others
    calibrated = "" if confidence.calibrated else " (uncalibrated)"
    return (
        name,
        str(shots),
        str(first.categories),
        *(with_interval(each.promise.far) for each in measured),
        *(with_interval(each.promise.fpir) for each in measured),
        percent(verification.eer),
        percent(verification.tar.value),
        percent(open_set.fnir.value),
        percent(open_set.auroc),
        f"{confidence.ece:.3f}{calibrated}",
    )
