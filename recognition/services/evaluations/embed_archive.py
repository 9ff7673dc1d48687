"""The images of a labelled archive, embedded batch by batch."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from django.db import transaction
from PIL import Image

from recognition.archives import PlannedRow, plan_rows, read_entries
from recognition.core.errors import DamagedArchive, RecognitionError
from recognition.encoders.domains import check_region
from recognition.images import open_image
from recognition.models import Embedding, EvaluatedImage, Evaluation, Job
from recognition.services.encoders.gallery_encoders import load_bulk_encoder
from recognition.services.jobs.lease import Lease, hold, renew
from recognition.services.limits import archive_limits, image_limits

TURN_SECONDS = 15.0
BATCH = 16
CAUTIOUS = 2
"""The attempt without progress from which on images are embedded one by one."""

HOPELESS = 5
"""The attempt without progress at which the first image is given up: it kills its workers."""

LISTED = 50

Item = tuple[EvaluatedImage, Image.Image | None]


def embed_archive(lease: Lease, evaluation: Evaluation) -> bool:
    """Go on for about ``TURN_SECONDS``; returns whether any image has no embedding yet.

    Raises ArchiveError, EncoderError, LeaseLost.
    """
    deadline = time.monotonic() + TURN_SECONDS
    if evaluation.total is None:
        _plan(lease, evaluation)
    if lease.job.attempts >= HOPELESS and _give_up_first(lease, evaluation):
        return True
    if not _pending(evaluation):
        return False
    size = 1 if lease.job.attempts >= CAUTIOUS else BATCH
    with lease.job.archive.open("rb") as file:
        items = _items(lease, evaluation, file)
        while batch := list(islice(items, size)):
            _embed(lease, evaluation, batch)
            if time.monotonic() > deadline:
                break
    return _pending(evaluation)


def left_out(evaluation: Evaluation) -> dict[str, Any]:
    """Tell of the files that could not be used: how many, and the first of them with the reason."""
    rows = EvaluatedImage.objects.filter(evaluation=evaluation).exclude(code="")
    files = rows.order_by("number").values("path", "code", "detail")[:LISTED]
    return {"left_out": {"count": rows.count(), "files": list(files)}}


def _pending(evaluation: Evaluation) -> bool:
    return EvaluatedImage.objects.filter(evaluation=evaluation, data=None, code="").exists()


def _plan(lease: Lease, evaluation: Evaluation) -> None:
    with lease.job.archive.open("rb") as file:
        planned = plan_rows(file, archive_limits())
    images = [_image(evaluation, number, each) for number, each in enumerate(planned)]
    with transaction.atomic():
        hold(lease)
        EvaluatedImage.objects.bulk_create(images, batch_size=1000)
        evaluation.total = len(images)
        evaluation.done = sum(bool(image.code) for image in images)
        evaluation.save(update_fields=["total", "done"])


def _image(evaluation: Evaluation, number: int, planned: PlannedRow) -> EvaluatedImage:
    code, detail = planned.code, planned.detail
    if planned.position is None and not code:
        code, detail = "no_image", "A prompt alone is nothing to ask about."
    return EvaluatedImage(
        evaluation=evaluation,
        number=number,
        position=planned.position,
        path=planned.path,
        label=planned.category[:200],
        code=code,
        detail=detail,
    )


def _items(lease: Lease, evaluation: Evaluation, file: IO[bytes]) -> Iterator[Item]:
    """Yield what is still to be embedded, in the archive's order, each decoded; None where it
    cannot be.

    A manifest may name one file twice.
    """
    encoder = load_bulk_encoder(evaluation.encoder.name)
    rows = EvaluatedImage.objects.filter(evaluation=evaluation, data=None, code="")
    wanted: dict[int | None, list[EvaluatedImage]] = {}
    for row in rows.order_by("number"):
        wanted.setdefault(row.position, []).append(row)
    for entry in read_entries(file, archive_limits()):
        for row in wanted.pop(entry.position, ()):
            renew(lease)
            try:
                data = entry.read(image_limits().max_bytes)
                fit = evaluation.encoder.input_size
                image = open_image(data, limits=image_limits(), fit=fit)
                check_region(encoder, image)
                yield row, image
            except RecognitionError as error:
                row.code, row.detail = error.code, error.detail
                yield row, None
    if wanted:
        raise DamagedArchive("The archive is not the one that it was.")


def _embed(lease: Lease, evaluation: Evaluation, batch: list[Item]) -> None:
    images = [image for _, image in batch if image is not None]
    encoder = load_bulk_encoder(evaluation.encoder.name)
    vectors = iter(encoder.encode_images(images) if images else ())
    for row, image in batch:
        if image is not None:
            row.data = Embedding.pack(next(vectors))
    with transaction.atomic():
        job = hold(lease)
        EvaluatedImage.objects.bulk_update([row for row, _ in batch], ["data", "code", "detail"])
        _count(job, evaluation, len(batch))


def _count(job: Job, evaluation: Evaluation, done: int) -> None:
    """Progress, which also shows that the worker lives and gets on."""
    job.attempts = job.errors = 0
    job.save(update_fields=["attempts", "errors", "lease_until"])
    evaluation.done += done
    evaluation.save(update_fields=["done"])


@transaction.atomic
def _give_up_first(lease: Lease, evaluation: Evaluation) -> bool:
    job = hold(lease)
    rows = EvaluatedImage.objects.filter(evaluation=evaluation, data=None, code="")
    row = rows.order_by("number").first()
    if row is None:
        return False
    row.code, row.detail = "worker_lost", "The worker died whenever it came to this file."
    row.save(update_fields=["code", "detail"])
    _count(job, evaluation, 1)
    return True
