"""Inference beside the bare loops: open_clip on torch, and ONNX Runtime, on the same photos."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

HELP = "Decoding, both towers, identification and HTTP beside bare loops; memory and start time."


def add_arguments(parser: ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--encoder", default="bundled")
    which.add_argument(
        "--architecture",
        help="Of open_clip's, such as ViT-B-32 or ViT-B-32+bf16, with weights made for it.",
    )
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--photos", type=Path, help="A folder; by default scikit-image's samples.")
    parser.add_argument("--seconds", type=float, default=2.0, help="That each measurement takes.")
    parser.add_argument("--batches", type=int, nargs="+", help="By default 1, 8, 32; 256 on cuda.")
    parser.add_argument("--threads", type=int, default=0, help="Compute threads; 0: one a core.")
    parser.add_argument("--no-http", action="store_true", help="Leave out service and HTTP.")
    parser.add_argument("--json", action="store_true")


def run(say: Callable[[str], Any], **options: Any) -> None:
    from recognition.benchmarks.inference.architecture import made
    from recognition.benchmarks.inference.processes import default_models_dir

    if options["architecture"]:
        with made(options["architecture"]) as (name, models_dir):
            _measure(say, name, models_dir, options)
    else:
        _measure(say, options["encoder"], default_models_dir(), options)


def _measure(say: Callable[[str], Any], name: str, models_dir: Path, options: Any) -> None:
    from recognition.benchmarks.inference.domains import HEADINGS as DOMAIN_HEADINGS
    from recognition.benchmarks.inference.domains import measure_domain
    from recognition.benchmarks.inference.measure import measure
    from recognition.benchmarks.inference.report import HEADINGS, as_json, cells
    from recognition.benchmarks.inference.setup import Setup
    from recognition.benchmarks.inference.targets import targets
    from recognition.core.cores import core_count
    from recognition.encoders.names import BUNDLED, Drawings, FaceModel, Faces, parse_name
    from recognition.evaluation.markdown import table

    before = os.getloadavg()[0]
    device = options["device"]
    batches = options["batches"] or (1, 8, 32, *((256,) if device == "cuda" else ()))
    setup = Setup(
        name, models_dir.resolve(), device, options["seconds"], options["threads"], tuple(batches)
    )
    one_domain = isinstance(parse_name(name), Faces | FaceModel | Drawings)
    if one_domain:
        rows = measure_domain(setup, folder=options["photos"])
    else:
        rows = measure(setup, folder=options["photos"], http=not options["no_http"])
    load = {"before": before, "after": os.getloadavg()[0], "cores": core_count()}
    aims = targets(rows) if name == BUNDLED or device == "cuda" else []
    if options["json"]:
        shown = [asdict(aim) | {"holds": aim.holds} for aim in aims]
        output = {"load": load, "rows": [as_json(row) for row in rows], "targets": shown}
        say(json.dumps(output, indent=2))
        return
    say(f"{core_count()} cores; load {before:.1f} before, {load['after']:.1f} after\n")
    if one_domain:
        say(table(DOMAIN_HEADINGS, (cells(row)[: len(DOMAIN_HEADINGS)] for row in rows)))
    else:
        say(table(HEADINGS, map(cells, rows)))
    if aims:
        say("\n" + "\n".join(map(str, aims)))
