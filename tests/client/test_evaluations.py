"""An evaluation from a program and from the shell, against the real service and its worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from recognition.models import Job
from recognition.services.references.enrol import enrol
from recognition.worker.take_turn import take_turn
from tests.archives.builders import zip_of
from tests.photos import another_view, photo

ONESHOT = [sys.executable, "-m", "recognition.client.cli"]


@pytest.fixture
def enrolled(gallery):
    for category, data in [
        ("cat", photo("chelsea.png")),
        ("cat", another_view("chelsea.png")),
        ("coffee", photo("coffee.png")),
    ]:
        enrol(gallery=gallery, category=category, data=data, create=True, advise=False)
    return gallery


def work(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Do the job that a process of the client has the service queue, and return what it said."""
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        for pk in Job.objects.filter(state=Job.State.QUEUED).values_list("pk", flat=True):
            take_turn(pk)
        time.sleep(0.1)
    return process.communicate(timeout=60)


@pytest.fixture
def oneshot(live_server, key):
    environment = os.environ | {"ONESHOT_URL": live_server.url, "ONESHOT_API_KEY": key}

    def start(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*ONESHOT, *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def test_a_program_starts_an_evaluation_and_reads_its_results(enrolled, client):
    archive = zip_of({"coffee/1.jpg": another_view("coffee.png"), "x/1.jpg": photo("rocket.jpg")})
    started = client.start_evaluation("pets", archive, far=0.05, seed=3)
    assert (started.state, started.source, started.results) == ("queued", "queries", None)
    take_turn(Job.objects.get().pk)
    ended = client.wait_for_evaluation("pets", started.id, timeout=10)
    assert ended.succeeded and ended.target_far == 0.05
    assert (ended.results["known"], ended.results["unknown"]) == (1, 1)
    assert (ended.seed, ended.shots, ended.episodes) == (3, 1, 20)
    assert ended.encoder == client.get_gallery("pets").encoder
    assert started.started_at is None
    assert ended.created_at <= ended.started_at <= ended.finished_at
    [listed] = client.list_evaluations("pets")
    assert (listed.id, listed.results) == (ended.id, None)


def test_a_table_of_measures_is_written(enrolled, oneshot):
    said, _ = work(oneshot("evaluate", "pets"))
    measures = dict(line.split()[:2] for line in said.splitlines()[1:])
    assert float(measures["identification.top1.value"]) == 1.0
    assert measures["known"] == "2"


def test_everything_is_written_as_json(enrolled, oneshot):
    said, _ = work(oneshot("evaluate", "pets", "--far", "0.05", "--json"))
    ended = json.loads(said)
    assert (ended["state"], ended["target_far"]) == ("succeeded", 0.05)
    assert len(ended["results"]["det"]) > 1


def test_what_cannot_be_evaluated_is_one_line_and_a_status(gallery, oneshot):
    process = oneshot("evaluate", "pets")
    _, complaint = work(process)
    assert process.returncode == 1
    assert "too little in the gallery" in complaint
