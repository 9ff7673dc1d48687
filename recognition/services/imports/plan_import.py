"""What an import is to do: written down before anything is enrolled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import IO, Any

from django.db import transaction

from recognition.archives import Plan, PlannedRow, checked_row, plan_archive, read_entries
from recognition.core.errors import InvalidBundle, NothingToEnrol
from recognition.core.names import name_key
from recognition.models import Gallery, Job, JobRow
from recognition.selectors.category_names import known_keys
from recognition.services.bundles.manifest import MANIFEST, VECTORS, Manifest, box_of
from recognition.services.bundles.read_bundle import bundle_limits, read_manifest
from recognition.services.jobs.lease import JobWaits, Lease, hold
from recognition.services.jobs.line_up import queue_next
from recognition.services.limits import archive_limits

CHUNK = 1000
NAMES_TOLD = 50


def plan_import(lease: Lease) -> None:
    """Look through the archive and write the report's rows and the plan, all of it or nothing.

    Raises ArchiveError, NothingToEnrol, LeaseLost, and JobWaits where a person has to confirm
    the plan: they asked to, or it rests on a guess.
    """
    gallery = lease.job.gallery
    with lease.job.archive.open("rb") as file:
        planned = _bundle_plan(file) or plan_archive(
            file, archive_limits(), encoding=lease.job.name_encoding
        )
    told = told_plan(gallery, planned, create=lease.job.create_categories)
    rows = planned.rows
    with transaction.atomic():
        job = hold(lease)
        made = (_row(job, number, each) for number, each in enumerate(rows))
        for chunk in _chunks(made):
            JobRow.objects.bulk_create(chunk)
        job.total, job.plan = len(rows), told
        job.skipped = sum(each.skipped for each in rows)
        job.failed = sum(bool(each.code) and not each.skipped for each in rows)
        is_empty = all(each.code for each in rows)
        waits = not is_empty and not job.confirmed_at and (job.dry_run or planned.is_guess)
        if waits:
            job.state, job.holder, job.lease_until, job.attempts = Job.State.PLANNED, "", None, 0
        job.save()
        if waits:
            queue_next(job)
    if is_empty:
        raise NothingToEnrol(_why_nothing(planned))
    if waits:
        raise JobWaits(job.public_id)
    lease.job.total = job.total


def told_plan(gallery: Gallery, planned: Plan, *, create: bool) -> dict[str, Any]:
    """Return a plan as a person is told it: how many photos of which categories, which of these are
    new, how names and folders were read, what is left out.
    """
    to_do = [row for row in planned.rows if not row.code]
    named = {name_key(row.category): row.name or row.category for row in reversed(to_do)}
    keys = {row.category for row in to_do}
    there = {name_key(key) for key in known_keys(gallery, keys)}
    new = sorted(name for key, name in named.items() if key not in there)
    return {
        "photos": sum(row.position is not None for row in to_do),
        "prompts": sum(len(row.prompts) for row in to_do),
        "categories": len(named),
        "new_categories": len(new),
        "new_names": new[:NAMES_TOLD],
        "makes_categories": create,
        "layout": _layout(planned),
        "root": "/".join(planned.layout.root),
        "manifest": planned.manifest,
        "deeper_folders": list(planned.deeper),
        "names": {
            "encoding": planned.names.encoding,
            "guessed": planned.names.guessed,
            "example": planned.names.example,
            "others": [
                {"encoding": encoding, "example": example}
                for encoding, example in planned.names.others
            ],
        },
        "left_out": {"count": planned.left_out.count, "paths": list(planned.left_out.paths)},
        "is_guess": planned.is_guess,
    }


def _layout(planned: Plan) -> str:
    if planned.manifest:
        return "bundle" if planned.manifest == MANIFEST else "manifest"
    if planned.layout.is_flat:
        return "flat"
    return "mixed" if planned.layout.is_mixed else "folders"


def _why_nothing(planned: Plan) -> str:
    left = planned.left_out.count
    beside = f" {left} files of systems and programs were left out." if left else ""
    if not planned.rows:
        return f"The archive holds no file that could be enrolled.{beside}"
    return f"None of its {len(planned.rows)} files can be enrolled; the rows say why.{beside}"


def _bundle_plan(file: IO[bytes]) -> Plan | None:
    """The plan of a gallery's bundle, by its manifest; None for any other archive."""
    limits = archive_limits()
    positions = {entry.path: entry.position for entry in read_entries(file, limits)}
    if not {MANIFEST, VECTORS} <= positions.keys():
        return None
    file.seek(0)
    try:
        manifest = read_manifest(file, bundle_limits())
    except InvalidBundle:
        return None
    finally:
        file.seek(0)
    names = {part["slug"]: part["name"] for part in manifest["categories"]}
    rows = []
    for part in manifest["references"]:
        path = part["image"] or ""
        name = names.get(part["category"], "")
        position = positions.get(path)
        row = PlannedRow(
            position, path, part["category"], name, part["external_id"], box=box_of(part)
        )
        row = checked_row(row)
        if row.position is None:
            detail = "The bundle has no image of this reference: it was exported without."
            row = replace(row, code="file_missing", detail=detail)
        rows.append(row)
    rows.sort(key=lambda row: (row.position is None, row.position or 0))
    rows += [
        checked_row(PlannedRow(None, "", part["slug"], part["name"], prompts=_texts(part)))
        for part in manifest["categories"]
        if part["prompts"]
    ]
    return Plan(tuple(rows), manifest=MANIFEST)


def _texts(part: Manifest) -> tuple[str, ...]:
    return tuple(prompt["text"] for prompt in part["prompts"])


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
        box=planned.box,
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
