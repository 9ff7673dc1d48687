from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction

from recognition.archives import PlannedRow, plan_rows
from recognition.models import Job, JobRow
from recognition.services.jobs.lease import Lease, hold
from recognition.services.limits import archive_limits

CHUNK = 1000


def plan_import(lease: Lease) -> None:
    """Look through the archive and write the report's rows, all of them or none.

    Raises ArchiveError kinds, LeaseLost.
    """
    with lease.job.archive.open("rb") as file:
        planned = plan_rows(file, archive_limits())
    with transaction.atomic():
        job = hold(lease)
        rows = (_row(job, number, each) for number, each in enumerate(planned))
        for chunk in _chunks(rows):
            JobRow.objects.bulk_create(chunk)
        job.total = len(planned)
        job.skipped = sum(each.skipped for each in planned)
        job.failed = sum(bool(each.code) and not each.skipped for each in planned)
        job.save(update_fields=["total", "skipped", "failed", "lease_until"])
    lease.job.total = job.total


def _row(job: Job, number: int, planned: PlannedRow) -> JobRow:
    return JobRow(
        job=job,
        number=number,
        position=planned.position,
        path=planned.path,
        category=planned.category,
        name=planned.name,
        external_id=planned.external_id,
        prompts=list(planned.prompts),
        status=_status(planned),
        code=planned.code,
        detail=planned.detail,
    )


def _status(planned: PlannedRow) -> JobRow.Status:
    if planned.skipped:
        return JobRow.Status.SKIPPED
    return JobRow.Status.FAILED if planned.code else JobRow.Status.PENDING


def _chunks(rows: Iterable[JobRow]) -> Iterator[list[JobRow]]:
    left = iter(rows)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
