"""A turn that fails is tried again some times, and then the job says what it may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import OperationalError

from recognition.core.errors import EncoderBusy, RecognitionError
from recognition.models import Job, JobRow
from recognition.services.imports.start_import import start_import
from recognition.worker import take_turn as turns
from recognition.worker.take_turn import MAX_ERRORS, TURNS, take_turn
from tests.archives.builders import image_bytes, zip_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("memory_broker"),
]


@pytest.fixture
def job(gallery) -> Job:
    return start_import(
        gallery=gallery, archive=ContentFile(zip_of({"cat/1.png": image_bytes(1)})), create=True
    )


@pytest.fixture
def fail(job: Job, monkeypatch) -> Callable[[Exception, int], Job]:
    """Has so many turns end with an error."""
    monkeypatch.setattr(turns, "PAUSE", timedelta())

    def fail(error: Exception, times: int) -> Job:
        def turn(_lease: object) -> bool:
            raise error

        monkeypatch.setitem(TURNS, Job.Kind.IMPORT, turn)
        for _ in range(times):
            take_turn(job.pk)
        job.refresh_from_db()
        return job

    return fail


def test_a_job_outlives_a_few_failures(fail):
    job = fail(OperationalError("database is locked"), MAX_ERRORS - 1)
    assert (job.errors, job.code, job.finished_at) == (MAX_ERRORS - 1, "", None)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OperationalError("password=hunter2 refused"), "OperationalError"),
        (EncoderBusy("128 images wait to be encoded already."), "128 images wait"),
    ],
)
def test_a_job_that_keeps_failing_ends_and_says_why(fail, error: Exception, told: str):
    job = fail(error, MAX_ERRORS)
    assert (job.state, job.code) == (Job.State.FAILED, "job_failed")
    assert told in job.detail
    assert "hunter2" not in job.detail
    assert not job.archive
    assert not JobRow.objects.filter(job=job, status=JobRow.Status.PENDING).exists()
    assert isinstance(error, RecognitionError) or job.detail.endswith("log says more.")
