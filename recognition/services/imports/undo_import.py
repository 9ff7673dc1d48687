"""All that an import enrolled, taken back at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from recognition.errors import JobNotFound, JobNotUndoable
from recognition.models import (
    OPEN_JOBS,
    Category,
    Deed,
    Embedding,
    Gallery,
    Job,
    JobRow,
    Prompt,
    Reference,
)
from recognition.services.audit import record
from recognition.services.change_log import lock_gallery
from recognition.services.erase_names import plan_erasure
from recognition.services.remove import clear_away, clear_references, forget_embeddings

CHUNK = 500


@transaction.atomic
def undo_import(*, job: Job, user: User | None = None) -> Job:
    """Remove the references and prompts that an import enrolled, wherever they are now, and the
    categories that it made, unless they hold anything else by now. The report stays.

    Raises JobNotUndoable for a job that is no import, has not ended or is taken back already.
    """
    locked_gallery = lock_gallery(job.gallery)
    locked = Job.objects.select_for_update().filter(pk=job.pk).first()
    if locked is None:
        raise JobNotFound(f"The job {job.public_id!r} has been deleted.")
    if locked.kind != Job.Kind.IMPORT:
        raise JobNotUndoable("Only an import can be taken back.")
    if locked.state in OPEN_JOBS:
        raise JobNotUndoable(f"The job is {locked.state}: cancel it first.")
    if locked.undone_at:
        raise JobNotUndoable("The import has been taken back already.")
    references = _remove_references(locked_gallery, locked)
    prompts = _remove_prompts(locked_gallery, locked)
    categories = _remove_categories(locked_gallery, locked)
    locked.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])
    record(
        Deed.UNDO,
        locked,
        gallery=locked_gallery,
        user=user,
        references=references,
        prompts=prompts,
        categories=categories,
    )
    return locked


def _remove_references(locked: Gallery, job: Job) -> int:
    enrolled = JobRow.objects.filter(job=job, status=JobRow.Status.ENROLLED)
    keys = enrolled.exclude(reference=None).order_by("reference_id")
    count = 0
    for chunk in _chunks(list(keys.values_list("reference_id", flat=True))):
        count += clear_references(locked, Reference.objects.filter(gallery=locked, pk__in=chunk))
    return count


def _remove_prompts(locked: Gallery, job: Job) -> int:
    made = JobRow.objects.filter(job=job).exclude(made_prompts=[])
    keys = [key for each in made.values_list("made_prompts", flat=True) for key in each]
    count = 0
    for chunk in _chunks(keys):
        prompts = Prompt.objects.filter(category__gallery=locked, pk__in=chunk)
        forget_embeddings(locked, Embedding.objects.filter(prompt__in=prompts))
        count += prompts.count()
        prompts.delete()
    return count


def _remove_categories(locked: Gallery, job: Job) -> int:
    made = JobRow.objects.filter(job=job).exclude(made_category=None)
    keys = list(made.values_list("made_category_id", flat=True))
    count = 0
    for chunk in _chunks(keys):
        left = Category.objects.filter(gallery=locked, pk__in=chunk, references=None, prompts=None)
        for category in left:
            plan_erasure(locked, category)
            clear_away(locked, category)
            count += 1
    return count


def _chunks(keys: Sequence[int]) -> Iterator[list[int]]:
    left = iter(keys)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
