"""The tables of ``docs/matching.md``, from a folder with the sets that they are measured on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from statistics import mean

import numpy as np

from recognition.evaluation.episodes import Episode
from recognition.evaluation.labelled import LabelledSet
from recognition.evaluation.measures import accuracies
from recognition.evaluation.methods import nearest_neighbour, product
from recognition.evaluation.metrics import Interval, mean_interval
from recognition.evaluation.omniglot import read_runs
from recognition.evaluation.results import Results
from recognition.evaluation.rounds import drawn_episodes, measured_at
from recognition.evaluation.shipped import shipped_sets
from recognition.management.evaluation.cells import percent, signed, with_interval
from recognition.management.evaluation.measuring import Bench, Report, of_set, omniglot
from recognition.management.evaluation.sources import (
    OMNIGLOT,
    LabelledFiles,
    OmniglotRuns,
    ShippedSet,
)
from recognition.matching.background import Background
from recognition.matching.fit import MIN_CATEGORIES
from recognition.services.evaluations.measure_omniglot import drawings
from recognition.services.evaluations.measure_set import Plan, ablate_set
from recognition.services.evaluations.measure_texts import (
    described_alone,
    described_and_judged,
    mixed_kinds,
    named_alone,
    photographed_strangers,
)

SETS = {
    "faces": "orl-faces",
    "tiles": "magnetic-tile-defects",
    "hands": "sign-language-digits",
}
SHARES = (0.5, 0.8)
"""Of the classes, those that are enrolled while the promise is put to the test."""


def report(folder: Path, bench: Bench) -> list[Report]:
    """Raises NothingToEvaluate, ArchiveError, OSError."""
    there = {
        name: LabelledFiles(folder / where)
        for name, where in SETS.items()
        if (folder / where).is_dir()
    }
    sets = {name: bench.embedded(source) for name, source in there.items()}
    once = {name: bench.seen_once(source) for name, source in there.items()}
    runs = folder / OMNIGLOT if (folder / OMNIGLOT).is_file() else None
    reports = [gains(sets, bench), steps(sets, once, bench)] if sets else []
    if runs:
        reports.append(omniglot(OmniglotRuns(runs), bench))
    reports += promise(dict(rounds(sets, runs, bench)), bench, "strangers are other classes")
    held_out = replace(bench.plan, half="report")
    asked = {
        what: episodes
        for what, episodes in rounds(sets, runs, bench, held_out)
        if len(np.unique(episodes[0].support.categories)) >= MIN_CATEGORIES
    }
    if asked:
        reports += promise(asked, bench, "half of the classes")
    reports += [of_set(ShippedSet(name), bench) for name in shipped_sets()]
    return [*reports, *texts_alone(sets, runs, bench), texts_and_images(bench)]


def gains(sets: dict[str, LabelledSet], bench: Bench) -> Report:
    """The product's top-1 accuracy less the plain nearest neighbour's, on the same embeddings."""
    rows, found = [], []
    for half in ("tune", "report", "all"):
        plan = replace(bench.plan, half=half)
        over = [
            _gain(plan.closed(data, shots), bench.background)
            for data in sets.values()
            for shots in bench.options.shots
        ]
        average = mean(each.mean for each in over)
        rows.append((half, *map(signed, over), f"{100 * average:+.1f}"))
        found.append({"half": half, "over": [asdict(each) for each in over]})
    asked = [f"{name} {shots}" for name in sets for shots in bench.options.shots]
    title = "Top-1 of the product less that of the plain nearest neighbour"
    return Report(title, ("classes", *asked, "mean"), rows, found)


def _gain(episodes: Sequence[Episode], background: Background) -> Interval:
    ours = accuracies(episodes, product(background))
    return mean_interval(np.subtract(ours, accuracies(episodes, nearest_neighbour)))


def steps(sets: dict[str, LabelledSet], once: dict[str, LabelledSet], bench: Bench) -> Report:
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
    return Report("What each step is worth: top-1 on half of the classes", header, rows, rows)


def rounds(
    sets: dict[str, LabelledSet], runs: Path | None, bench: Bench, plan: Plan | None = None
) -> Iterator[tuple[tuple[str, int, float], list[Episode]]]:
    """Random splits of the classes into some enrolled and the others strangers; of drawings, the
    reporting half are the last ten runs."""
    plan = plan or bench.plan
    for name, data in sets.items():
        for shots in bench.options.shots:
            for share in SHARES:
                yield (name, shots, share), replace(plan, enrolled=share).opened(data, shots)
    if runs is None:
        return
    alphabets = drawings(read_runs(runs), bench.encoder)
    alphabets = alphabets[len(alphabets) // 2 :] if plan.half == "report" else alphabets
    for share in SHARES:
        drawn = [
            episode
            for number, data in enumerate(alphabets)
            for episode in drawn_episodes(
                data,
                shots=1,
                count=max(1, plan.count // len(alphabets)),
                enrolled=share,
                seed=plan.seed + number,
            )
        ]
        yield ("drawings", 1, share), drawn


def promise(
    asked: dict[tuple[str, int, float], list[Episode]], bench: Bench, of: str
) -> list[Report]:
    """The errors at thresholds that were set beforehand, and those of hindsight beside them; then
    each set's own mean."""
    fars = bench.options.far
    rows, found, drawn = [], [], []
    by_set: dict[str, list[list[Results]]] = {}
    for (name, shots, share), episodes in asked.items():
        what = f"{name}, {shots} a class, {share:.0%} enrolled"
        measured = measured_at(episodes, bench.background, fars=fars, through=bench.through(what))
        by_set.setdefault(name, []).append(measured)
        rows.append(_promised(name, shots, measured))
        found.append({"set": name, "shots": shots, "at": [each.to_json() for each in measured]})
        drawn.append((f"{name}-{shots}-{measured[0].categories}", measured[0]))
    header = (
        *("set", "shots", "enrolled"),
        *(f"{error} set {far:.1%}" for error in ("FAR", "FPIR") for far in fars),
        *("EER", f"TAR at {fars[0]:.1%}", f"FNIR at {fars[0]:.1%}", "AUROC", "ECE"),
    )
    detailed = Report(f"The promise: {of}", header, rows, found, tuple(drawn))
    return [detailed, _set_by_set(f"The promise, set by set: {of}", by_set, fars)]


def _set_by_set(
    title: str, by_set: dict[str, list[list[Results]]], fars: Sequence[float]
) -> Report:
    """The mean false-accept rate of all that was measured on a set."""
    rows, found = [], []
    for name, measured in by_set.items():
        at_each = zip(*measured, strict=True)
        rates = [[each.promise.far.value for each in at if each.promise.far] for at in at_each]
        means = [mean(some) if some else None for some in rates]
        rows.append((name, str(len(measured)), *map(percent, means)))
        found.append({"set": name, "far": means})
    return Report(title, ("set", "rows", *(f"FAR set {far:.1%}" for far in fars)), rows, found)


def texts_alone(sets: dict[str, LabelledSet], runs: Path | None, bench: Bench) -> list[Report]:
    """Galleries of twenty names, and one of twenty descriptions, asked about images that show none
    of them; the latter also once it has seen such images."""
    background, encoder, fars = bench.background, bench.encoder, bench.options.far
    strangers = {name: data.vectors for name, data in sets.items()}
    if runs:
        drawn = [data.vectors for data in drawings(read_runs(runs), encoder)]
        strangers["drawings"] = np.concatenate(drawn)
    named = {
        name: named_alone(vectors, background, fars, bench.plan.seed)
        for name, vectors in strangers.items()
    }
    described = {
        name: described_alone([(vectors, background)], encoder, fars)
        for name, vectors in strangers.items()
    }
    unseen = {name: bench.embedded(ShippedSet(name)).vectors for name in shipped_sets()}
    judged = {
        name: described_and_judged(vectors, background, encoder, fars, bench.plan.seed)
        for name, vectors in (strangers | unseen).items()
    }
    photos = photographed_strangers(background, encoder)
    described["photos"] = described_alone(photos, encoder, fars)
    return [
        _errors("Twenty names alone, in many galleries", named, fars),
        _errors("Twenty descriptions alone, in one gallery", described, fars),
        _errors("The same, with images judged to show none of them", judged, fars),
    ]


def _errors(title: str, measured: dict[str, list[Results]], fars: Sequence[float]) -> Report:
    rows = [
        (
            name,
            *(with_interval(each.promise.far) for each in results),
            *(with_interval(each.promise.fpir) for each in results),
        )
        for name, results in measured.items()
    ]
    found = [
        {"set": name, "at": [each.to_json() for each in results]}
        for name, results in measured.items()
    ]
    header = ("strangers", *(f"{error} set {far:.1%}" for error in ("FAR", "FPIR") for far in fars))
    return Report(title, header, rows, found)


def texts_and_images(bench: Bench) -> Report:
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
    return Report(title, header, rows, [asdict(each) for each in found])


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
