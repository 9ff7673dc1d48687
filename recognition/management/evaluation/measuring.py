"""Each kind of source, measured and told of."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, TypeVar

from recognition.encoders.protocol import InspectingEncoder
from recognition.evaluation.labelled import LabelledSet
from recognition.evaluation.markdown import table
from recognition.evaluation.omniglot import PEOPLE, read_runs
from recognition.evaluation.results import Results
from recognition.evaluation.shipped import shipped_sets
from recognition.management.evaluation.cells import percent, signed, with_interval
from recognition.management.evaluation.sources import (
    LabelledFiles,
    LabelledSource,
    OmniglotRuns,
    Source,
)
from recognition.matching.background import Background
from recognition.models import Gallery
from recognition.services.encoders.background import background_for, embed_cohort
from recognition.services.encoders.gallery_encoders import (
    default_encoder,
    load_bulk_encoder,
    load_plain_encoder,
    models_dir,
)
from recognition.services.evaluations.labelled_images import embed_labelled, embed_pictures
from recognition.services.evaluations.measure_gallery import gallery_results
from recognition.services.evaluations.measure_omniglot import measure_runs
from recognition.services.evaluations.measure_set import Plan, ablate_set, measure_set

T = TypeVar("T")
Say = Callable[[str], Any]

SET_HEADER = (
    *("set", "shots", "ways", "top-1", "top-5", "nearest neighbour", "EER", "TAR", "AUROC"),
    *("FNIR", "target", "FAR", "FRR", "FPIR", "ECE"),
)


@dataclass(frozen=True)
class Bench:
    """What every measurement shares. ``say`` tells people how far it is."""

    options: Namespace
    say: Say

    @cached_property
    def encoder_name(self) -> str:
        return self.options.encoder or default_encoder().name

    @cached_property
    def encoder(self) -> InspectingEncoder:
        return load_bulk_encoder(self.encoder_name)

    @cached_property
    def background(self) -> Background:
        embed_cohort(self.encoder, models_dir())
        return background_for(self.encoder)

    @cached_property
    def plan(self) -> Plan:
        chosen = self.options
        return Plan(chosen.episodes, chosen.ways, chosen.enrolled, chosen.half, chosen.seed)

    def seen_once(self, source: LabelledSource) -> LabelledSet:
        """The same images in the same order, without the views."""
        return self._embed(source, load_plain_encoder(self.encoder_name))

    def embedded(self, source: LabelledSource) -> LabelledSet:
        return self._embed(source, self.encoder)

    def _embed(self, source: LabelledSource, encoder: InspectingEncoder) -> LabelledSet:
        if not isinstance(source, LabelledFiles):
            shown = shipped_sets()[source.name]()
            return LabelledSet(embed_pictures(shown.images, encoder), shown.labels, shown.names)
        found = embed_labelled(source.path, encoder, self._seen(source.name))
        for path, error in found.left_out:
            self.say(f"{source.name}: {path} is left out: {error.detail}")
        return found.data

    def through(self, what: str) -> Callable[[Sequence[T]], Iterator[T]]:
        def steps(all_: Sequence[T]) -> Iterator[T]:
            for done, step in enumerate(all_):
                yield step
                if (done + 1) % 10 == 0:
                    self.say(f"{what}: {done + 1} of {len(all_)}")

        return steps

    def _seen(self, name: str) -> Callable[[int], None]:
        def seen(count: int) -> None:
            if count % 200 == 0:
                self.say(f"{name}: {count} images")

        return seen


@dataclass(frozen=True, slots=True)
class Report:
    """``rows`` of a table with a ``header``, the same for programs, and results to draw."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    found: Any
    drawn: tuple[tuple[str, Results], ...] = ()

    def text(self) -> str:
        return f"{self.title}\n\n{table(self.header, self.rows)}"


def measured(source: Source, bench: Bench) -> Report:
    """Raises NothingToEvaluate, EncoderError, ArchiveError."""
    if isinstance(source, OmniglotRuns):
        return omniglot(source, bench)
    if isinstance(source, Gallery):
        return of_gallery(source, bench)
    return of_set(source, bench)


def of_set(source: LabelledSource, bench: Bench) -> Report:
    data, chosen = bench.embedded(source), bench.options
    rows: list[Sequence[str]] = []
    found, drawn = [], []
    for shots in chosen.shots:
        name = f"{source.name}, {shots} a class"
        measured_set = measure_set(
            source.name,
            data,
            bench.background,
            bench.plan,
            shots=shots,
            fars=chosen.far,
            through=bench.through(name),
        )
        found.append(measured_set.to_json())
        drawn.append((f"{source.name}-{shots}", measured_set.opened[0]))
        for results in measured_set.opened:
            head = (source.name, str(shots), str(measured_set.closed.categories))
            nearest = with_interval(measured_set.nearest)
            rows.append((*head, *_top(measured_set.closed), nearest, *_errors(results)))
    title = f"{source.name}: {chosen.episodes} episodes, seed {chosen.seed}, {chosen.half} classes"
    return Report(title, SET_HEADER, rows, found, tuple(drawn))


def of_gallery(gallery: Gallery, bench: Bench) -> Report:
    rows: list[Sequence[str]] = []
    found, drawn = [], []
    for far in bench.options.far:
        results = gallery_results(
            gallery, far=far, seed=bench.options.seed, through=bench.through(gallery.slug)
        )
        found.append(results.to_json())
        drawn.append((f"{gallery.slug}-{far:g}", results))
        head = (gallery.slug, "-", str(results.categories))
        rows.append((*head, *_top(results), "-", *_errors(results)))
        for note in results.notes:
            bench.say(note.detail)
    return Report(f"{gallery.slug}: leave-one-out", SET_HEADER, rows, found, tuple(drawn))


def omniglot(source: OmniglotRuns, bench: Bench) -> Report:
    plain = load_plain_encoder(bench.encoder_name)
    found = list(measure_runs(read_runs(source.archive), bench.background, bench.encoder, plain))
    rows: list[Sequence[str]] = [("people (Lake et al. 2015)", percent(PEOPLE))]
    rows += [(each.method, with_interval(each.top1)) for each in found]
    title = "Omniglot: 20-way one-shot, the 20 official runs"
    return Report(title, ("method", "top-1"), rows, [asdict(each) for each in found])


def ablated(source: LabelledSource, bench: Bench) -> Report:
    """What every step adds to plain nearest neighbour on the same embeddings."""
    data, once = bench.embedded(source), bench.seen_once(source)
    rows: list[Sequence[str]] = []
    found = []
    for shots in bench.options.shots:
        for each in ablate_set(data, once, bench.background, bench.plan, shots=shots):
            bench.say(f"{source.name}, {shots} a class: {each.method}")
            found.append({"shots": shots, **asdict(each)})
            head = (source.name, str(shots), each.method)
            areas = with_interval(each.auroc)
            rows.append((*head, with_interval(each.top1), signed(each.gain), areas))
    header = ("set", "shots", "method", "top-1", "over nearest neighbour", "AUROC")
    return Report(f"{source.name}: what each step adds", header, rows, found)


def _top(results: Results) -> tuple[str, str]:
    found = results.identification
    return (with_interval(found.top1), with_interval(found.top5)) if found else ("-", "-")


def _errors(results: Results) -> tuple[str, ...]:
    verification, open_set = results.verification, results.open_set
    promise, confidence = results.promise, results.confidence
    ece = "-" if confidence is None else f"{confidence.ece:.3f}"
    return (
        percent(verification.eer if verification else None),
        with_interval(verification.tar if verification else None),
        percent(open_set.auroc if open_set else None),
        with_interval(open_set.fnir if open_set else None),
        f"{promise.target:.1%}",
        with_interval(promise.far),
        with_interval(promise.frr),
        with_interval(promise.fpir),
        ece + ("" if confidence is None or confidence.calibrated else " (uncalibrated)"),
    )
