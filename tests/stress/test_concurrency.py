"""Real processes write, search and save at once: nothing acknowledged is ever missing.

ONESHOT_STRESS=full runs 5,000 enrolments and 1,500 removals of four writers under four readers.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from tests.stress.deployment import Deployment


@dataclass(frozen=True)
class Load:
    writers: int
    readers: int
    enrolments: int
    removals: int


LOADS = {"small": Load(2, 2, 60, 20), "full": Load(4, 4, 1250, 375)}
LOAD = LOADS[os.environ.get("ONESHOT_STRESS", "small")]


def test_no_acknowledged_write_is_missing_and_no_removed_reference_is_returned(
    deployment: Deployment,
) -> None:
    writers = [
        deployment.start(
            "write",
            f"--name=writer-{number}",
            f"--enrolments={LOAD.enrolments}",
            f"--removals={LOAD.removals}",
            f"--first={number * LOAD.enrolments}",
        )
        for number in range(LOAD.writers)
    ]
    readers = [
        deployment.start("read", f"--name=reader-{number}") for number in range(LOAD.readers)
    ]
    saver = deployment.start("snapshot", "--name=saver")
    for writer in writers:
        deployment.finish(writer)
    deployment.let_go()
    searches = [int(deployment.finish(reader)) for reader in readers]
    assert min(searches) > 0
    assert int(deployment.finish(saver)) > 0
    live = LOAD.writers * (LOAD.enrolments - LOAD.removals)
    verified = deployment.finish(deployment.start("check"))
    assert verified.startswith(f"stress: {live} vectors equal the database's")
    print(f"{searches} searches, {live} live, {verified}")
