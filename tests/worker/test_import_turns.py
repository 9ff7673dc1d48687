"""An import takes turns, and outlives its workers and even its gallery."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from recognition.models import Embedding, FileDeletion, Job, Reference
from recognition.services.encoders.gallery_encoders import bulk_encoder_of, encoder_of
from recognition.services.imports import enrol_batch as enrolling
from recognition.services.imports.batching import in_batches
from recognition.services.imports.enrol_batch import enrol_batch
from recognition.services.imports.plan_import import plan_import
from recognition.services.imports.read_items import read_items
from recognition.services.imports.run_import import run_import
from recognition.services.jobs.lease import LeaseLost, claim, release
from recognition.services.removal import remove_gallery
from recognition.services.storage.files import run_file_deletions
from recognition.worker.requeue_jobs import requeue_jobs
from recognition.worker.take_turn import take_turn
from tests.archives.builders import image_bytes, tar_of, zip_of
from tests.services.imports.running import (
    files_of_references,
    leftovers,
    report,
    start,
    stored_files,
)

pytestmark = pytest.mark.django_db


def test_turns_go_on_where_the_last_one_ended(gallery):
    job = start(gallery, tar_of({f"cat/{n}.png": image_bytes(n) for n in range(40)}))
    lease = claim(job.pk)
    assert run_import(lease, seconds=0)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("running", 32, 40)
    assert claim(job.pk) is None
    release(lease)
    take_turn(job.pk)
    job.refresh_from_db()
    assert (job.state, job.enrolled) == ("succeeded", 40)
    assert Reference.objects.count() == 40


def test_a_worker_that_was_taken_for_dead_changes_nothing(gallery):
    job = start(gallery, zip_of({"cat/1.png": image_bytes(1)}))
    slow = claim(job.pk)
    plan_import(slow)
    with slow.job.archive.open("rb") as file:
        [batch] = in_batches(read_items(slow, file, bulk_encoder_of(slow.job.gallery)))
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert requeue_jobs() == 1
    take_turn(job.pk)
    with pytest.raises(LeaseLost):
        enrol_batch(slow, encoder_of(gallery), batch)
    assert Reference.objects.count() == Embedding.objects.count() == 1
    assert files_of_references() <= stored_files(gallery)


def test_files_that_a_dead_worker_left_go_after_a_day(gallery, monkeypatch):
    job = start(gallery, zip_of({"cat/1.png": image_bytes(1)}))

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(enrolling, "_commit", killed)
        dying.setattr(enrolling, "drop_ahead", lambda _: None)
        with pytest.raises(SystemExit):
            take_turn(job.pk)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    take_turn(job.pk)
    assert len(leftovers(gallery)) == 2
    FileDeletion.objects.update(due_at=timezone.now())
    assert run_file_deletions() == 2
    assert leftovers(gallery) == set()
    assert files_of_references() == stored_files(gallery)


def test_a_worker_that_stalled_touches_nothing_of_its_successor(gallery, monkeypatch):
    job = start(gallery, zip_of({"cat/1.png": image_bytes(1)}))
    real = enrolling._commit

    def stalled(*args: object) -> None:
        monkeypatch.setattr(enrolling, "_commit", real)
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        take_turn(job.pk)
        real(*args)

    monkeypatch.setattr(enrolling, "_commit", stalled)
    take_turn(job.pk)
    assert report(job) == {"cat/1.png": ("enrolled", "")}
    assert leftovers(gallery) == set()
    assert files_of_references() == stored_files(gallery)


def test_a_job_that_kills_its_workers_gives_up_the_file_that_does_it(gallery):
    job = start(gallery, zip_of({f"cat/{n}.png": image_bytes(n) for n in range(3)}))
    plan_import(claim(job.pk))
    for _ in range(3):
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        assert claim(job.pk)
    Job.objects.update(lease_until=None)
    take_turn(job.pk)
    assert sorted(report(job).values()) == [
        ("enrolled", ""),
        ("enrolled", ""),
        ("failed", "worker_lost"),
    ]


def test_a_job_of_a_deleted_gallery_ends_quietly(gallery):
    job = start(gallery, zip_of({f"cat/{n}.png": image_bytes(n) for n in range(40)}))
    lease = claim(job.pk)
    assert run_import(lease, seconds=0)
    remove_gallery(gallery=gallery)
    take_turn(job.pk)
    assert not Reference.objects.exists()


def test_jobs_that_wait_are_queued_again_only_when_overdue(gallery):
    start(gallery, zip_of({"cat/1.png": image_bytes(1)}))
    assert requeue_jobs() == 0
    Job.objects.update(queued_at=timezone.now() - timedelta(minutes=6))
    assert requeue_jobs() == 1
    assert requeue_jobs() == 0
