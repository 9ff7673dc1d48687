"""A batch of an import: files first, then its rows, references and numbers in one transaction."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

import numpy as np
from django.db import IntegrityError, transaction

from recognition.core.errors import CategoryNotFound, Conflict, RecognitionError
from recognition.core.regions import Box
from recognition.core.types import Vector
from recognition.encoders.protocol import InspectingEncoder
from recognition.encoders.templates import encode_prompts
from recognition.images import encode_stored
from recognition.images.regions import PhotoRegion
from recognition.models import Category, Embedding, Gallery, Job, JobRow, Reference
from recognition.models.reference import image_path, thumbnail_path
from recognition.selectors.category_names import find_category, named_category
from recognition.services.categories.create_category import insert_category, make_category_for_key
from recognition.services.categories.describe import add_prompts
from recognition.services.change_log import lock_gallery
from recognition.services.imports.batching import Item
from recognition.services.jobs.lease import Lease, hold
from recognition.services.matching.gallery_model import Fitted
from recognition.services.recognition.answer import warnings_answer
from recognition.services.references.approval import admit, state_for
from recognition.services.references.enrol import Advice, advice_for, insert_reference, same_region
from recognition.services.references.photo_files import twins_of
from recognition.services.references.regions import thumbnail_of
from recognition.services.storage.files import drop_ahead, keep_ahead, store_ahead

logger = logging.getLogger(__name__)

Status = JobRow.Status
REPORTED = ("status", "code", "detail", "reference", "warnings", "made_category", "made_prompts")


def enrol_batch(
    lease: Lease, encoder: InspectingEncoder, items: Sequence[Item], known: Fitted | None = None
) -> None:
    """Enrol what can be and report on all; ``known`` is what the rows are warned by, by default the
    gallery's model as of now. Raises LeaseLost, EncoderMismatch.
    """
    shots = [item for item in items if item.image is not None]
    vectors = _vectors(encoder, shots)
    texts = list(dict.fromkeys(text for item in items for text in item.prompts))
    prompts = dict(zip(texts, encode_prompts(encoder, texts), strict=True)) if texts else {}
    references = {item.row.pk: _reference(item) for item in shots}
    if shots:
        _warn(advice_for(lease.job.gallery, known), shots, references, vectors)
    with transaction.atomic():
        hold(lease)
    ahead = store_ahead(_files(lease.job.gallery, shots, references))
    try:
        _commit(lease, items, references, ahead, vectors, prompts)
    finally:
        # Those of what was enrolled are its own since the commit.
        drop_ahead(list(ahead.values()))


def _vectors(encoder: InspectingEncoder, shots: Iterable[Item]) -> dict[int, Vector]:
    """Embed the regions, by row; one that comes twice is encoded once."""
    photos = {item.sha256: item.image for item in shots if item.image is not None}
    regions = {
        (item.sha256, item.box): PhotoRegion(photos[item.sha256], item.box) for item in shots
    }
    if not regions:
        return {}
    found = dict(zip(regions, encoder.encode_regions(list(regions.values())), strict=True))
    return {item.row.pk: found[item.sha256, item.box] for item in shots}


def _warn(
    advice: Advice,
    shots: Sequence[Item],
    references: dict[int, Reference],
    vectors: dict[int, Vector],
) -> None:
    """Write down what a single enrolment would say of each, measured before any of them is
    enrolled.
    """
    keys = {item.row.category for item in shots}
    categories = {key: find_category(advice.gallery, key) for key in keys}
    for item in shots:
        reference, image = references[item.row.pk], item.image
        assert image is not None  # noqa: S101 - only shots come here
        category = categories[item.row.category]
        warnings = (
            *item.guesses,
            *same_region(reference, twins_of(advice.gallery, reference)),
            *advice.warnings(category, image, vectors[item.row.pk], item.box),
        )
        item.warnings = warnings_answer(warnings)


def _reference(item: Item) -> Reference:
    reference = item.row.as_reference()
    assert item.image is not None  # noqa: S101 - only shots come here
    reference.width, reference.height = item.image.size
    reference.box = item.box
    reference.sha256 = item.sha256
    return reference


def _files(
    gallery: Gallery, shots: Iterable[Item], references: dict[int, Reference]
) -> dict[str, bytes]:
    """Encode the files, by name, of this attempt alone: one that stalled can touch none of its
    successor's. Regions of one photo have one file.
    """
    files: dict[str, bytes] = {}
    photos: dict[str, str] = {}
    for item in shots:
        reference = references[item.row.pk]
        if item.image is not None:
            reference.image, reference.thumbnail = _names(reference)
            made = {}
            name = photos.setdefault(item.sha256, str(reference.image.name))
            if name == reference.image.name:
                made[name] = encode_stored(item.image)
            reference.image.name = name
            small = thumbnail_of(item.image, item.box, gallery.domain)
            made[str(reference.thumbnail.name)] = small
            reference.stored_bytes = sum(map(len, made.values()))
            files |= made
    return files


def _names(reference: Reference) -> tuple[str, str]:
    attempt = secrets.token_hex(4)
    paths = (PurePosixPath(path(reference, "")) for path in (image_path, thumbnail_path))
    image, small = (str(path.with_stem(f"{path.stem}-{attempt}")) for path in paths)
    return image, small


@transaction.atomic
def _commit(
    lease: Lease,
    items: Sequence[Item],
    references: dict[int, Reference],
    ahead: dict[str, int],
    vectors: dict[int, Vector],
    prompts: dict[str, Vector],
) -> None:
    gallery = lease.job.gallery
    locked = lock_gallery(gallery)
    job = hold(lease)
    come: dict[tuple[int, str, Box | None], Reference] = {}
    for item in items:
        _enrol(locked, job, item, references.get(item.row.pk), come)
        if item.row.status != Status.FAILED and item.prompts:
            _describe(locked, item, prompts, encoder_id=gallery.encoder_id)
    rows = [item.row for item in items]
    enrolled = {row.pk for row in rows if row.status == Status.ENROLLED}
    admit(
        locked,
        [
            _embedding(gallery, reference, vectors[row])
            for row, reference in references.items()
            if row in enrolled
        ],
    )
    kept = [reference for row, reference in references.items() if row in enrolled]
    names = {str(file) for each in kept for file in (each.image, each.thumbnail)}
    keep_ahead([ahead[name] for name in sorted(names)])
    JobRow.objects.bulk_update(rows, REPORTED)
    _count(job, rows)


def _enrol(
    locked: Gallery,
    job: Job,
    item: Item,
    reference: Reference | None,
    come: dict[tuple[int, str, Box | None], Reference],
) -> None:
    """``come`` holds what the batch has enrolled so far, by category and file, however the
    category's name is written.
    """
    row = item.row
    if item.twin is not None:
        _settle_twin(row, item.twin)
        return
    try:
        if item.problem is not None:
            raise item.problem
        with transaction.atomic():
            category = _category(locked, job, row)
            if reference is not None and (twin := come.get((category.pk, item.sha256, item.box))):
                _settle_twin(row, twin)
                return
            if reference is not None:
                reference.category = category
                reference.state = state_for(locked, job.created_by)
                insert_reference(reference)
    except RecognitionError as error:
        row.made_category = None
        _settle(row, Status.FAILED, error.code, error.detail)
        return
    except IntegrityError as error:
        row.made_category = None
        logger.exception("row %s of %s was refused", row.number, job)
        _settle(row, Status.FAILED, Conflict.code, f"The database refused it: {error}")
        return
    row.reference = reference
    row.warnings = list(item.warnings)
    if reference is not None:
        come[reference.category_id, item.sha256, item.box] = reference
    if reference is not None and reference.is_pending:
        _settle(row, Status.ENROLLED, "pending", "It waits for an owner's approval.")
        return
    _settle(row, Status.ENROLLED)


def _category(locked: Gallery, job: Job, row: JobRow) -> Category:
    try:
        return named_category(locked, row.category)
    except CategoryNotFound:
        if not job.create_categories:
            raise
    row.made_category = _made(locked, row)
    return row.made_category


def _made(locked: Gallery, row: JobRow) -> Category:
    """A folder is called as people write; addresses are small, as those of categories that are made
    by name. Its own writing stays what finds it, also once it has another name.
    """
    key = row.category
    if key == key.lower():
        return make_category_for_key(locked, key, name=row.name)
    return insert_category(locked, name=row.name or key, external_id=key)


def _describe(locked: Gallery, item: Item, prompts: dict[str, Vector], *, encoder_id: int) -> None:
    try:
        category = named_category(locked, item.row.category)
    except RecognitionError as error:
        # Its category, and the reference that it repeats, were deleted since the row was read.
        item.row.reference = None
        _settle(item.row, Status.FAILED, error.code, error.detail)
        return
    matrix = np.stack([prompts[text] for text in item.prompts])
    made = add_prompts(locked, category, item.prompts, matrix, encoder_id=encoder_id)
    item.row.made_prompts = [prompt.pk for prompt in made]


def _embedding(gallery: Gallery, reference: Reference, vector: Vector) -> Embedding:
    return Embedding(
        gallery=gallery,
        category=reference.category,
        encoder_id=gallery.encoder_id,
        reference=reference,
        data=Embedding.pack(vector),
    )


def _settle_twin(row: JobRow, twin: Reference) -> None:
    row.reference = twin
    _settle(row, Status.SKIPPED, "duplicate", "The category has the same file already.")


def _settle(row: JobRow, status: Status, code: str = "", detail: str = "") -> None:
    row.status, row.code, row.detail = status, code, detail


def _count(job: Job, rows: Sequence[JobRow]) -> None:
    """Progress, which also shows that the worker lives and gets on."""
    job.enrolled += sum(row.status == Status.ENROLLED for row in rows)
    job.skipped += sum(row.status == Status.SKIPPED for row in rows)
    job.failed += sum(row.status == Status.FAILED for row in rows)
    job.attempts, job.errors, job.last_error = 0, 0, ""
    job.save(
        update_fields=[
            "enrolled",
            "skipped",
            "failed",
            "attempts",
            "errors",
            "last_error",
            "lease_until",
        ]
    )
