"""The rows that are still to do, each with its file read, checked and decoded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import IO

from django.db.models import Q

from recognition.archives import Entry, read_entries
from recognition.core.errors import ArchiveEntryError, DamagedArchive, InvalidInput
from recognition.encoders.domains import check_region, check_texts
from recognition.encoders.protocol import InspectingEncoder
from recognition.images import read_image
from recognition.models import Job, JobRow, Prompt, Reference
from recognition.selectors.categories import meant_by
from recognition.services.categories.describe import clean_prompts
from recognition.services.imports.batching import Item
from recognition.services.jobs.lease import Lease, renew
from recognition.services.limits import archive_limits, image_limits

CHUNK = 500


def read_items(lease: Lease, file: IO[bytes], encoder: InspectingEncoder) -> Iterator[Item]:
    """Read rows in the archive's order, from the first that is pending.

    ``encoder`` tells of a file in which there is nothing to look at before its batch is embedded.
    Raises LeaseLost.
    """
    entries = read_entries(file, archive_limits())
    entry: Entry | None = None
    data: bytes | ArchiveEntryError = b""
    for row in _pending(lease.job):
        renew(lease)
        if row.position is None:
            yield _checked(Item(row), None, encoder)
            continue
        while entry is None or entry.position < row.position:
            entry = next(entries, None)
            if entry is None:
                raise DamagedArchive("The archive is not the one that it was.")
            if entry.position == row.position:
                data = _read(entry)
        yield _checked(Item(row), data, encoder)


def _pending(job: Job) -> Iterator[JobRow]:
    last = -1
    pending = JobRow.objects.filter(job=job, status=JobRow.Status.PENDING).order_by("number")
    while chunk := list(pending.filter(number__gt=last)[:CHUNK]):
        for row in chunk:
            row.job = job
            yield row
        last = chunk[-1].number


def _read(entry: Entry) -> bytes | ArchiveEntryError:
    try:
        return entry.read(image_limits().max_bytes)
    except ArchiveEntryError as error:
        return error


def _checked(
    item: Item, data: bytes | ArchiveEntryError | None, encoder: InspectingEncoder
) -> Item:
    try:
        prompts = _new_prompts(item.row)
        check_texts(encoder.spec, prompts)
        item.prompts = prompts
        if isinstance(data, ArchiveEntryError):
            raise data
        if data is not None:
            item.sha256 = hashlib.sha256(data).hexdigest()
            item.twin = _twin(item)
            if item.twin is None:
                opened = read_image(data, limits=image_limits())
                item.box = item.row.box and item.row.box.within(opened.image.size)
                check_region(encoder, opened.image, box=item.box)
                item.image, item.guesses = opened.image, opened.warnings
    except InvalidInput as error:
        item.problem = error
    return item


def _new_prompts(row: JobRow) -> list[str]:
    """The row's prompts that its category does not have."""
    texts = clean_prompts(row.prompts)
    if not texts:
        return []
    known = Prompt.objects.filter(_of_category(row, "category__"), text__in=texts)
    return sorted(set(texts) - set(known.values_list("text", flat=True)), key=texts.index)


def _twin(item: Item) -> Reference | None:
    """The category's reference that the same region of the same file has become before."""
    same = Reference.objects.filter(_of_category(item.row, "category__"), sha256=item.sha256)
    return next((each for each in same if each.box == item.row.box), None)


def _of_category(row: JobRow, prefix: str) -> Q:
    return Q(**{f"{prefix}gallery": row.job.gallery_id}) & meant_by(row.category, prefix)
