"""Enrol images from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from recognition.management.errors import as_command_errors
from recognition.management.files import for_each, shown
from recognition.selectors.galleries import get_gallery_unchecked
from recognition.services.recognition.answer import warnings_answer
from recognition.services.references.enrol import enrol


class Command(BaseCommand):
    help = (
        "Enrol images as references of a category, which is made where it is missing. "
        "One that cannot be enrolled does not stop the others; the exit status is 1 then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("gallery")
        parser.add_argument("category", help="Slug or external id.")
        parser.add_argument("images", nargs="+", type=Path, metavar="image")

    def handle(self, *args: Any, **options: Any) -> None:
        with as_command_errors():
            gallery = get_gallery_unchecked(options["gallery"])

        def enrol_one(paths: Sequence[Path], contents: Sequence[bytes]) -> None:
            enrolment = enrol(
                gallery=gallery, category=options["category"], data=contents[0], create=True
            )
            reference = enrolment.reference
            self.stdout.write(f"{shown(paths)}: {reference.public_id} of {reference.category.slug}")
            for warning in warnings_answer(enrolment.warnings):
                self.stdout.write(f"  {warning['detail']}")

        for_each([[path] for path in options["images"]], enrol_one)
