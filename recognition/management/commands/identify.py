"""Recognise images from the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from recognition.core.regions import Box, Regions
from recognition.management.errors import as_command_errors
from recognition.management.files import for_each, shown
from recognition.selectors.galleries import get_gallery_unchecked
from recognition.services.recognition.answer import Answer
from recognition.services.recognition.identify import DEFAULT_TOP_K, identify


class Command(BaseCommand):
    help = (
        "Say what images show, as the API does. One that cannot be read does not stop the others; "
        "the exit status is 1 then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("gallery")
        parser.add_argument("images", nargs="+", type=Path, metavar="image")
        parser.add_argument("--top-k", type=int, default=DEFAULT_TOP_K)
        parser.add_argument("--all", action="store_true", help="All that is found in each.")
        parser.add_argument("--box", help="The part that is meant: x,y,width,height.")
        parser.add_argument("--together", action="store_true", help="Views of one thing.")
        parser.add_argument("--json", action="store_true", help="One answer of the API a line.")

    def handle(self, *args: Any, **options: Any) -> None:
        with as_command_errors():
            gallery = get_gallery_unchecked(options["gallery"])
            box = Box.of(options["box"]) if options["box"] else None
        regions = Regions.ALL if options["all"] else None
        paths: list[Path] = options["images"]

        def identify_one(group: Sequence[Path], contents: Sequence[bytes]) -> None:
            first, *burst = contents
            answer = identify(
                gallery=gallery,
                data=first,
                burst=burst,
                top_k=options["top_k"],
                box=box,
                regions=regions,
            ).answer
            self.stdout.write(json.dumps(answer) if options["json"] else _sentence(group, answer))

        for_each([paths] if options["together"] else [[path] for path in paths], identify_one)


def _sentence(paths: Sequence[Path], answer: Answer) -> str:
    threshold = answer["threshold"]
    names = shown(Path(path.name) for path in paths)
    lines = [f"{names}: {answer['category'] or answer['decision']}", f"  {answer['sentence']}"]
    lines += [f"  {each['detail']}" for each in answer["help"]]
    lines += [
        f"  {candidate['score']:7.3f}  {candidate['name']}  ({_evidence(candidate['evidence'])})"
        for candidate in answer["candidates"]
    ]
    lines += [f"  {warning['detail']}" for warning in answer["warnings"]]
    lines += [
        f"  {Box(**region['box'])}: {region['sentence']}" for region in answer.get("regions", ())
    ]
    lines.append(f"  {threshold['score']:7.3f}  is needed for a match ({threshold['basis']})")
    return "\n".join(lines)


def _evidence(evidence: Answer) -> str:
    what = evidence.get("text") or evidence["id"]
    return f"{evidence['kind']} {what}, similarity {evidence['similarity']:.3f}"
