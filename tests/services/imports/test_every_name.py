"""An import of every kind of name, interrupted between any two lines, again and again."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from django.utils import timezone

from recognition.core.names import name_key
from recognition.models import Category, Change, Embedding, FileDeletion, Job, JobRow, Reference
from recognition.services.imports import enrol_batch
from recognition.worker.take_turn import take_turn
from tests.archives.builders import tar_of, zip_of
from tests.archives.every_name import FILES, LEFTOVERS, SEED, THINGS, every_name
from tests.services.imports.running import leftovers, start

# A transaction of the test's own around it all would hide what a crash leaves.
pytestmark = pytest.mark.django_db(transaction=True)


class Crash(BaseException):
    """What ends a worker between any two lines."""


@pytest.fixture
def interrupted(monkeypatch) -> Counter[str]:
    """A worker that dies about every third batch: before its files, before or after its rows."""
    drawn, crashes = random.Random(SEED), Counter()  # noqa: S311 - the same each time

    def dying(name: str) -> None:
        done = getattr(enrol_batch, name)

        def step(*args, **kwargs):
            if drawn.random() < 0.1:
                crashes[name] += 1
                raise Crash
            return done(*args, **kwargs)

        monkeypatch.setattr(enrol_batch, name, step)

    for name in ("store_ahead", "admit", "drop_ahead"):
        dying(name)
    return crashes


@pytest.mark.parametrize("build", [zip_of, tar_of])
def test_each_photo_is_enrolled_once_however_often_the_worker_dies(gallery, interrupted, build):
    job = start(gallery, every_name(build))
    began, turns = time.monotonic(), 0
    while not job.finished_at:
        turns += 1
        try:
            take_turn(job.pk)
        except Crash:
            Job.objects.filter(pk=job.pk).update(lease_until=timezone.now())
        job.refresh_from_db()
        # Fewer than what gives a file up for killing its workers, on whom it was not.
        Job.objects.filter(pk=job.pk).update(attempts=0)
    seconds = time.monotonic() - began
    print(f"{FILES} files in {seconds:.0f} s, {turns} turns, {interrupted.total()} crashes")
    assert (job.state, job.total, job.done) == ("succeeded", FILES + 3, FILES + 3)
    assert (job.enrolled, job.skipped, job.failed) == (FILES, 2, 1)
    assert interrupted.total() > 0
    told = Counter(JobRow.objects.filter(job=job).values_list("status", flat=True))
    assert told == {"enrolled": FILES, "skipped": 2, "failed": 1}
    assert job.plan["left_out"]["count"] == len(LEFTOVERS)
    kept = Reference.objects.filter(gallery=gallery)
    assert kept.count() == kept.values("sha256").distinct().count() == FILES
    assert Embedding.objects.count() == Change.objects.count() == FILES
    keys = Category.objects.values_list("name_key", flat=True)
    assert set(keys) == {name_key(each[0]) for each in THINGS}
    # What a crash left is deleted a day later; here that day has come.
    FileDeletion.objects.update(due_at=timezone.now())
    assert leftovers(gallery) == set()
