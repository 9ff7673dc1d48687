"""Inference beside the bare loops: open_clip on torch, and ONNX Runtime, on the same photos."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

HELP = "Decoding, both towers, identification and HTTP beside bare loops; memory and start time."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--encoder", default="bundled")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--photos", type=Path, help="A folder; by default scikit-image's samples.")
    parser.add_argument("--seconds", type=float, default=2.0, help="That each measurement takes.")
    parser.add_argument("--threads", type=int, default=0, help="Compute threads; 0: one a core.")
    parser.add_argument("--no-http", action="store_true", help="Leave out service and HTTP.")
    parser.add_argument("--json", action="store_true")


def run(say: Callable[[str], Any], **options: Any) -> None:
    from recognition.management.benchmarks.inference.measure import measure
    from recognition.management.benchmarks.inference.report import as_json, table

    before = os.getloadavg()[0]
    rows = measure(
        options["encoder"],
        device=options["device"],
        folder=options["photos"],
        seconds=options["seconds"],
        threads=options["threads"],
        http=not options["no_http"],
    )
    load = {"before": before, "after": os.getloadavg()[0], "cores": os.cpu_count()}
    if options["json"]:
        say(json.dumps({"load": load, "rows": [as_json(row) for row in rows]}, indent=2))
        return
    say(f"{os.cpu_count()} cores; load {before:.1f} before, {load['after']:.1f} after\n")
    say(table(rows))
