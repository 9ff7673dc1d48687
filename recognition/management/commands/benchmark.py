"""Benchmarks: what this machine does, measured."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from recognition.benchmarks import changes, inference, matching, pages
from recognition.benchmarks.index import command as index

BENCHMARKS = {
    "changes": changes,
    "index": index,
    "inference": inference,
    "matching": matching,
    "pages": pages,
}


class Command(BaseCommand):
    help = "Measure a part of the service on this machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parsers = parser.add_subparsers(dest="benchmark", required=True)
        for name, module in BENCHMARKS.items():
            module.add_arguments(parsers.add_parser(name, help=module.HELP))

    def handle(self, *args: Any, benchmark: str, **options: Any) -> None:
        BENCHMARKS[benchmark].run(self.stdout.write, **options)
