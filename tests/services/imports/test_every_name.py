"""An import of files with every kind of name, interrupted again and again.

``ONESHOT_DRILL_FILES=5000`` makes it as large as people's archives are; without it it is as large
as a test may be.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter

import pytest
from django.utils import timezone

from recognition.core.names import name_key
from recognition.models import Category, Change, Embedding, FileDeletion, Job, JobRow, Reference
from recognition.services.imports import enrol_batch
from recognition.worker.take_turn import take_turn
from tests.archives.builders import image_bytes, tar_of, zip_of
from tests.services.imports.running import leftovers, start

FILES = int(os.environ.get("ONESHOT_DRILL_FILES", "120"))
SEED = 23

# A transaction of the test's own around it all would hide what a crash leaves.
pytestmark = pytest.mark.django_db(transaction=True)

THINGS = [
    ["Blue Mug", "blue mug", "BLUE  MUG", "Blue\u00a0Mug"],
    ["caf\u00e9", "cafe\u0301", "CAF\u00c9"],
    ["山田\u3000太郎", "山田 太郎"],
    ["Straße", "STRASSE"],
    ["می\u200cخواهم"],
    ["👨\u200d👩\u200d👧"],
    ["Кружка", "кружка"],
    ["ｶｯﾌﾟ", "カップ"],
    ["C++"],
    ["a" * 150],
    ["#1 & co. (50%)"],
    ["\u200fעץ", "עץ"],
]
FILE_NAMES = ["Screenshot 9.41\u202fAM {}.png", "IMG_{}.PNG", "фото {}.png", "e\u0301 {}.png", "{}"]
LEFTOVERS = [".DS_Store", "Thumbs.db", ".ipynb_checkpoints/1.png", "@eaDir/1.png"]


class Crash(BaseException):
    """What ends a worker between any two lines."""


def archive(build) -> bytes:
    """``FILES`` photos, and beside them leftovers, an archive, a broken photo, and one twice."""
    drawn = random.Random(SEED)  # noqa: S311 - the same each time
    files: dict[str, bytes] = {}
    for number in range(FILES):
        folder = drawn.choice(THINGS[number % len(THINGS)])
        deeper = drawn.choice(["", "", "front/", "a/b/"])
        file = FILE_NAMES[number % len(FILE_NAMES)].format(number)
        files[f"all/{folder}/{deeper}{file}"] = image_bytes(number)
    for number, name in enumerate(LEFTOVERS):
        files[f"all/{THINGS[number][0]}/{name}"] = b"x"
    files["all/C++/more.zip"] = b"PK"
    files["all/C++/broken.png"] = b"no photo"
    files["all/Blue Mug/again.png"] = image_bytes(0)
    return build(files)


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
    job = start(gallery, archive(build))
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
