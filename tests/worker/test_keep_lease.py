"""A worker that is at one long step is not taken for dead, and one that hangs is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from recognition.models import Job
from recognition.services.heartbeat import heartbeat
from recognition.services.imports.start_import import start_import
from recognition.services.jobs.cancel_job import cancel_job
from recognition.services.jobs.lease import claim
from recognition.worker import keep_lease, tasks
from recognition.worker.requeue_jobs import requeue_jobs
from recognition.worker.take_turn import TURNS
from tests.archives.builders import image_bytes, zip_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("memory_broker"),
]
LEASE_SECONDS = 2
WAIT_SECONDS = 20


@pytest.fixture
def job(gallery, settings) -> Job:
    settings.RECOGNITION = {**settings.RECOGNITION, "job_lease_seconds": LEASE_SECONDS}
    return start_import(
        gallery=gallery, archive=ContentFile(zip_of({"cat/1.png": image_bytes(1)})), create=True
    )


@pytest.fixture
def run(job: Job, monkeypatch) -> Callable[[Callable[[], None]], None]:
    """Has the worker do a turn that consists of one step."""

    def run(step: Callable[[], None]) -> None:
        def turn(_lease: object) -> bool:
            step()
            return False

        monkeypatch.setitem(TURNS, Job.Kind.IMPORT, turn)
        tasks.run_job(job.pk)
        job.refresh_from_db()

    return run


def hearts() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "heartbeat"]


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def outlive_the_lease() -> None:
    time.sleep(LEASE_SECONDS * 1.5)


def runs_out(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, lease_until__lt=timezone.now()).exists()


def test_a_step_that_outlasts_the_lease_keeps_it(job, run):
    def step() -> None:
        outlive_the_lease()
        assert requeue_jobs() == 0
        assert claim(job.pk) is None

    run(step)
    assert (job.state, job.attempts) == (Job.State.SUCCEEDED, 1)


def test_the_heart_stops_with_the_turn_however_that_ends(job, run):
    beating: list[int] = []

    def step() -> None:
        beating.append(len(hearts()))
        raise RuntimeError("the power fails")

    run(step)
    assert (beating, hearts(), job.errors) == ([1], [], 1)


def test_a_lease_that_is_lost_stays_lost(job, run):
    def step() -> None:
        cancel_job(job=job)
        wait_until(lambda: not hearts())

    run(step)
    assert (job.state, job.holder, job.lease_until) == (Job.State.CANCELLED, "", None)


def test_a_turn_that_hangs_loses_its_lease(job, run, monkeypatch):
    monkeypatch.setattr(keep_lease, "LONGEST_SECONDS", 0)

    def step() -> None:
        wait_until(lambda: runs_out(job))
        assert requeue_jobs() == 1

    run(step)
    assert (job.state, job.holder) == (Job.State.RUNNING, "")


def test_a_heart_goes_on_after_the_database_refused_a_beat(job, run, monkeypatch, caplog):
    tries: list[bool] = []
    extend = keep_lease.extend

    def locked_once(lease) -> bool:
        tries.append(True)
        if len(tries) == 1:
            raise OperationalError("database is locked")
        return extend(lease)

    monkeypatch.setattr(keep_lease, "extend", locked_once)

    def step() -> None:
        outlive_the_lease()
        assert requeue_jobs() == 0

    run(step)
    assert job.state == Job.State.SUCCEEDED
    assert "tried again" in caplog.text


def test_a_heart_closes_its_own_connection_and_no_other():
    own: list[BaseDatabaseWrapper] = []

    def beat() -> bool:
        own.append(connections["default"])
        own[0].ensure_connection()
        return False

    mine = connections["default"]
    mine.ensure_connection()
    with heartbeat(beat, every=0.01, longest=60):
        wait_until(lambda: not hearts())
    assert own[0] is not mine
    assert own[0].connection is None
    assert mine.connection is not None
