"""How well recognition works, measured."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recognition.core.rates import MAX_FAR, MIN_FAR
from recognition.management.errors import as_command_errors
from recognition.management.evaluation.composed import composed_report
from recognition.management.evaluation.first_days import first_days_report
from recognition.management.evaluation.measuring import Bench, Report, ablated, measured
from recognition.management.evaluation.pictures import write_pictures
from recognition.management.evaluation.report import report
from recognition.management.evaluation.sources import LabelledSource, source_of
from recognition.management.evaluation.surfaces import measured_surfaces, surfaces_table

DATA = "ONESHOT_EVAL_DATA"


class Command(BaseCommand):
    help = (
        "Measure recognition in episodes on a folder or an archive with a folder a class, on "
        "Omniglot's official runs, or on a gallery, leave-one-out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "sources",
            nargs="*",
            metavar="source",
            help="A folder, an archive, Omniglot's all_runs.zip (or omniglot), sklearn-digits, "
            "matplotlib-glyphs, a gallery's slug.",
        )
        parser.add_argument("--shots", type=int, nargs="+", default=[1, 5], help="Of a class.")
        parser.add_argument("--ways", type=int, help="Classes of an episode. [all]")
        parser.add_argument("--episodes", type=int, default=24)
        parser.add_argument("--enrolled", type=float, default=0.5, help="Of open-set episodes.")
        parser.add_argument("--far", type=float, nargs="+", default=[0.01, 0.05])
        parser.add_argument("--half", choices=["all", "tune", "report"], default="all")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--encoder", help="Such as bundled. [the installation's]")
        parser.add_argument("--ablate", action="store_true", help="What each step adds.")
        parser.add_argument(
            "--report",
            type=Path,
            metavar="DIR",
            help="The tables of docs/matching.md, from the sets in a folder.",
        )
        parser.add_argument(
            "--first-days",
            type=Path,
            metavar="DIR",
            help="What small galleries accept and find, on the sets in a folder.",
        )
        parser.add_argument(
            "--composed",
            type=Path,
            metavar="DIR",
            help="What is named in photos of several people, composed of the sets in a folder.",
        )
        parser.add_argument(
            "--surfaces",
            type=Path,
            metavar="DIR",
            help="How defects are told from one good part, on the tiles and boards in a folder.",
        )
        parser.add_argument("--json", action="store_true", help="For programs.")
        parser.add_argument(
            "--pictures", type=Path, metavar="DIR", help="Draw DET, reliability and scores here."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = Namespace(**options)
        _check(chosen)
        if chosen.surfaces:
            self._tell_surfaces(chosen)
            return
        bench = Bench(chosen, self.stderr.write)
        with as_command_errors():
            reports = _told(chosen, bench)
            if chosen.pictures:
                for path in write_pictures(reports, chosen.pictures):
                    self.stderr.write(f"wrote {path}")
        if chosen.json:
            self.stdout.write(json.dumps({each.title: each.found for each in reports}))
        else:
            self.stdout.write("\n\n".join(each.text() for each in reports))

    def _tell_surfaces(self, chosen: Namespace) -> None:
        with as_command_errors():
            found = measured_surfaces(chosen.surfaces, chosen.far, self.stderr.write)
        self.stdout.write(json.dumps(found) if chosen.json else surfaces_table(found))


def _told(chosen: Namespace, bench: Bench) -> list[Report]:
    if chosen.first_days:
        return first_days_report(chosen.first_days, bench)
    if chosen.composed:
        return [composed_report(chosen.composed, bench)]
    return report(chosen.report, bench) if chosen.report else _of_sources(chosen, bench)


def _of_sources(chosen: Namespace, bench: Bench) -> list[Report]:
    folder = os.environ.get(DATA)
    sources = [source_of(each, Path(folder) if folder else None) for each in chosen.sources]
    if not chosen.ablate:
        return [measured(source, bench) for source in sources]
    sets = [source for source in sources if isinstance(source, LabelledSource)]
    if len(sets) < len(sources):
        raise CommandError(
            "--ablate takes a folder or an archive with a folder a class, or a shipped set."
        )
    return [ablated(source, bench) for source in sets]


def _check(chosen: Namespace) -> None:
    if sum(map(bool, _chosen_ways(chosen))) != 1:
        raise CommandError(
            "Name what is to be evaluated, or give --report, --first-days, --composed or "
            "--surfaces and a folder."
        )
    if not all(MIN_FAR <= far <= MAX_FAR for far in chosen.far):
        raise CommandError(f"A false-accept rate is between {MIN_FAR} and {MAX_FAR}.")
    if not (0 < chosen.enrolled <= 1) or min(chosen.episodes, *chosen.shots) < 1:
        raise CommandError("Shots, episodes and the enrolled share are positive.")


def _chosen_ways(chosen: Namespace) -> tuple[Any, ...]:
    return chosen.sources, chosen.report, chosen.first_days, chosen.composed, chosen.surfaces
