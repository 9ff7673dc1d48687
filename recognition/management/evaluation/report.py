"""The tables of ``docs/matching.md``, from a folder with the sets that they are measured on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

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

SETS = {
    "faces": "orl-faces",
    "tiles": "magnetic-tile-defects",
    "hands": "sign-language-digits",
}
SHARES = (0.5, 0.8)
"""Of the classes, those that are enrolled while the promise is put to the test."""


def report(folder: Path, bench: Bench) -> list[Told]:
    """Raises NothingToEvaluate, ArchiveError kinds, OSError."""
    sets = {
        name: bench.embedded(LabelledFiles(folder / where))
        for name, where in SETS.items()
        if (folder / where).is_dir()
    }
    told = [steps(sets, bench)] if sets else []
    runs = folder / OMNIGLOT
    if runs.is_file():
        told.append(omniglot(OmniglotRuns(runs), bench))
    told.append(promise(dict(rounds(sets, runs if runs.is_file() else None, bench)), bench))
    return told


def steps(sets: dict[str, LabelledSet], bench: Bench) -> Told:
    """Every step's worth, on the half of the classes that nothing is tuned on."""
    plan = replace(bench.plan, half="report")
    columns = [
        list(ablate_set(data, bench.background, plan, shots=shots))
        for data in sets.values()
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
