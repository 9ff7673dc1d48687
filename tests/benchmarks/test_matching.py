from __future__ import annotations

import json
from io import StringIO

from django.core.management import call_command


def test_decisions_are_measured_beside_a_plain_loop() -> None:
    out = StringIO()
    call_command(
        "benchmark", "matching", "--references=60", "--dimension=16", "--queries=3", "--json",
        stdout=out,
    )  # fmt: skip
    told = json.loads(out.getvalue())
    assert [row["what"].split(",")[0] for row in told["rows"]] == [
        "plain nearest-neighbour loop",
        "decision",
        "decision",
        "decision",
    ]
    assert told["rows"][0]["loops"] == 1.0
    assert all(0 < row["median_ms"] <= row["p99_ms"] for row in told["rows"])
