"""Calls on imports and other jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from recognition.client.answers import Page
from recognition.client.operation import Operation, given, one, page, path
from recognition.client.ordering import ByMaking, ByNumber
from recognition.client.polling import Polling
from recognition.client.uploads import File, Upload
from recognition.client.work import Job, JobRow

JobKind = Literal["import", "evaluation", "encoder"]
JobState = Literal["queued", "running", "planned", "succeeded", "failed", "cancelled"]
RowStatus = Literal["pending", "enrolled", "skipped", "failed"]


def start_import(
    gallery: str,
    archive: File,
    *,
    create: bool = False,
    dry_run: bool = False,
    encoding: str | None = None,
) -> Operation[Job]:
    """Enrol an archive (zip, tar.gz) with a folder a category, in the background.

    ``create`` makes categories that do not exist. With ``dry_run``, and where names or folders can
    only be guessed, the job stops ``planned`` until it is confirmed. ``encoding`` says in which the
    names are where the archive does not.
    """
    return Operation(
        method="POST",
        path=path("galleries", gallery, "imports"),
        form=given(create=create, dry_run=dry_run, encoding=encoding),
        uploads=(Upload("archive", archive),),
        parse=one(Job),
        creates=True,
    )


def list_jobs(
    gallery: str,
    *,
    kind: JobKind | None = None,
    state: JobState | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    ordering: ByMaking | None = None,
    page_size: int | None = None,
) -> Operation[Page[Job]]:
    """A gallery's work in the background, newest first."""
    return Operation(
        method="GET",
        path=path("galleries", gallery, "jobs"),
        params=given(
            kind=kind,
            state=state,
            created_after=created_after,
            created_before=created_before,
            ordering=ordering,
            page_size=page_size,
        ),
        parse=page(Job),
    )


def get_job(gallery: str, job: str) -> Operation[Job]:
    """How far a job is."""
    return Operation(method="GET", path=path("galleries", gallery, "jobs", job), parse=one(Job))


def list_job_rows(
    gallery: str,
    job: str,
    *,
    status: RowStatus | None = None,
    code: str | None = None,
    category: str | None = None,
    ordering: ByNumber | None = None,
    page_size: int | None = None,
) -> Operation[Page[JobRow]]:
    """The report of an import: one row a file, in the archive's order, of one ``status`` if
    given.
    """
    return Operation(
        method="GET",
        path=path("galleries", gallery, "jobs", job, "rows"),
        params=given(
            status=status,
            code=code,
            category=category,
            ordering=ordering,
            page_size=page_size,
        ),
        parse=page(JobRow),
    )


def cancel_job(gallery: str, job: str) -> Operation[Job]:
    """Stop a job; what it has enrolled stays."""
    return Operation(
        method="POST", path=path("galleries", gallery, "jobs", job, "cancel"), parse=one(Job)
    )


def confirm_job(
    gallery: str, job: str, *, encoding: str | None = None, dry_run: bool = False
) -> Operation[Job]:
    """Let an import go on that is ``planned``. ``encoding`` has its names read anew; with
    ``dry_run`` it is only planned anew.
    """
    return Operation(
        method="POST",
        path=path("galleries", gallery, "jobs", job, "confirm"),
        json=given(encoding=encoding, dry_run=dry_run),
        parse=one(Job),
    )


def undo_job(gallery: str, job: str) -> Operation[Job]:
    """Take back all that an import enrolled."""
    return Operation(
        method="POST", path=path("galleries", gallery, "jobs", job, "undo"), parse=one(Job)
    )


def wait_for_job(
    gallery: str,
    job: str,
    *,
    on_progress: Callable[[Job], None] | None = None,
    timeout: float | None = None,
) -> Polling[Job]:
    """The job when it has ended, well or not; ``on_progress`` is called whenever it was asked for.

    ``timeout`` is in seconds. Raises WaitedTooLong.
    """
    return Polling(ask=get_job(gallery, job), on_progress=on_progress, timeout=timeout)
