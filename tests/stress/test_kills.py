"""A process that is killed at any instant loses nothing that was acknowledged.

Each round kills one of a writer, a reader and the process that saves snapshots, and starts it
again. ONESHOT_STRESS=full runs 50 rounds on each database.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from itertools import count

import numpy as np
import pytest

from tests.stress.deployment import Deployment

ROUNDS = {"small": 3, "full": 50}[os.environ.get("ONESHOT_STRESS", "small")]
ROWS_A_LIFE = 100_000
ROLES = ("write", "read", "snapshot")


class Household:
    """A process of each role; each life of one has a name, and a writer's has its own rows."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._lives = count()
        self._running: dict[str, tuple[str, subprocess.Popen[str]]] = {}
        for role in ROLES:
            self.revive(role)

    def revive(self, role: str) -> None:
        life = next(self._lives)
        name = f"{role}-{life}"
        options = [f"--name={name}"]
        if role == "write":
            options += [
                f"--first={life * ROWS_A_LIFE}",
                f"--enrolments={ROWS_A_LIFE}",
                f"--removals={ROWS_A_LIFE // 3}",
            ]
        self._running[role] = name, self._deployment.start(role, *options)

    def is_at_work(self, role: str) -> bool:
        name, process = self._running[role]
        assert process.poll() is None, process.communicate()
        return (self._deployment.notes / f"{name}.ready").exists()

    def kill(self, role: str) -> None:
        """Kill what is still running: none ends by itself."""
        _, process = self._running[role]
        process.send_signal(signal.SIGKILL)
        out, err = process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL, f"{role}: {out}{err}"


@pytest.fixture
def household(deployment: Deployment) -> Iterator[Household]:
    household = Household(deployment)
    yield household
    for role in ROLES:
        household.kill(role)


def test_after_every_kill_the_index_is_clean_and_nothing_is_lost(
    deployment: Deployment, household: Household
) -> None:
    rng, told = np.random.default_rng(), ""
    for number in range(ROUNDS):
        role = ROLES[number % len(ROLES)]
        while not household.is_at_work(role):
            time.sleep(0.05)
        time.sleep(rng.uniform(0.0, 2.0))
        household.kill(role)
        told = deployment.finish(deployment.start("check"))
        assert "vectors equal the database's" in told
        household.revive(role)
    print(told)
