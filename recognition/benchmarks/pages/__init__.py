"""Every page of the dashboard and the console, with a large gallery in an installation made for
it: how long the server takes, how often it asks the database, what a browser loads and when it
paints."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

HELP = "Every page with a large gallery: server time, SQL queries, weight, first contentful paint."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--references", type=int, default=10_000)
    parser.add_argument("--categories", type=int, default=1_000)
    parser.add_argument("--queries", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=9, help="Times that a page is asked for.")
    parser.add_argument("--only", nargs="+", default=["*"], help="Patterns of names of pages.")
    parser.add_argument("--json", action="store_true")


def run(say: Callable[[str], Any], **options: Any) -> None:
    from recognition.benchmarks.pages.measure import measure
    from recognition.benchmarks.pages.report import HEADINGS, cells, verdict
    from recognition.core.cores import core_count
    from recognition.evaluation.markdown import table

    before = os.getloadavg()[0]
    sizes = (options["references"], options["categories"], options["queries"])
    found = measure(sizes, options["rounds"], options["only"])
    load = {"before": before, "after": os.getloadavg()[0], "cores": core_count()}
    if options["json"]:
        say(json.dumps({"load": load} | asdict(found), indent=2))
        return
    say(f"{core_count()} cores; load {before:.1f} before, {load['after']:.1f} after")
    say(f"{sizes[0]:,} references in {sizes[1]:,} categories, {sizes[2]:,} queries; over HTTP\n")
    say(table(HEADINGS, map(cells, found.rows)))
    if found.no_browser:
        say(f"\nWeight and paint are not measured: {found.no_browser}.")
    say("")
    for picture in found.pictures:
        say(str(picture))
    say("\nAddresses without a page:")
    for reason, names in found.left_out.items():
        say(f"- {reason}: {', '.join(names)}")
    say(f"\n{verdict(found.rows)}")
