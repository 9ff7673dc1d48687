"""What a change costs in the database as galleries grow, and how fast it is followed."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction

from recognition.benchmarks.index.vectors import clustered_vectors
from recognition.core.types import Matrix
from recognition.evaluation.markdown import table
from recognition.models import Category, Embedding, EncoderRecord, Gallery, Reference
from recognition.services.change_log import lock_gallery, log_additions
from recognition.services.indexes.replicas import open_gallery_replica
from recognition.services.storage.index_places import backend_of

HELP = "Cost of an enrolment's rows as galleries grow, and time to apply 1,000 changes."
SIZES = (1_000, 100_000)
CHANGES = 1_000
_DIMENSION = 512
_FILL = 5_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a gallery of ``size`` references: the median of one enrolment's rows, and the time that
    a replica takes to follow ``CHANGES`` of them."""

    size: int
    enrolment_us: float
    catch_up_ms: float


HEADINGS = ("references", "one enrolment's rows, µs", "ratio", "1,000 changes applied, ms")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="References.")


def run(say: Callable[[str], Any], **options: Any) -> None:
    """All in one transaction that is rolled back: nothing stays, but SQLite's writers wait."""
    with transaction.atomic():
        costs = measure(sorted(options["sizes"]))
        transaction.set_rollback(True)
    say(table(HEADINGS, (_cells(cost, costs[0]) for cost in costs)))


def _cells(cost: Cost, first: Cost) -> tuple[str, ...]:
    ratio = cost.enrolment_us / first.enrolment_us
    return f"{cost.size:,}", f"{cost.enrolment_us:.0f}", f"{ratio:.2f}", f"{cost.catch_up_ms:.0f}"


def measure(sizes: list[int]) -> list[Cost]:
    """Let one gallery grow through ``sizes``, inside a transaction."""
    gallery = _gallery()
    costs, count = [], 0
    for size in sizes:
        while count < size:
            step = min(_FILL, size - count)
            _enrol(gallery, clustered_vectors(step, _DIMENSION, draw=count))
            count += step
        costs.append(_cost(gallery, size))
        count += CHANGES
    return costs


def _cost(gallery: Gallery, size: int) -> Cost:
    replica = open_gallery_replica(gallery, backend_of(gallery))
    replica.catch_up()
    vectors = clustered_vectors(CHANGES, _DIMENSION, draw=size)
    times = []
    for row in range(CHANGES):
        started = time.perf_counter()
        _enrol(gallery, vectors[row : row + 1])
        times.append(time.perf_counter() - started)
    started = time.perf_counter()
    replica.catch_up()
    seconds = time.perf_counter() - started
    return Cost(size, float(np.median(times)) * 1e6, seconds * 1e3)


def _gallery() -> Gallery:
    encoder = EncoderRecord.objects.create(
        name="benchmark",
        fingerprint=f"benchmark-{time.time_ns()}",
        dimension=_DIMENSION,
        input_size=1,
        logit_scale=1.0,
    )
    slug = f"benchmark-{time.time_ns()}"
    gallery = Gallery.objects.create(slug=slug, name=slug, encoder=encoder)
    Category.objects.create(gallery=gallery, slug="things", name="Things")
    return gallery


def _enrol(gallery: Gallery, vectors: Matrix) -> None:
    """The rows of as many enrolments, as ``services.enrol`` writes them."""
    locked = lock_gallery(gallery)
    category = locked.categories.get()
    references = Reference.objects.bulk_create(
        Reference(gallery=locked, category=category, width=1, height=1, sha256="0" * 64)
        for _ in vectors
    )
    embeddings = [
        Embedding(
            gallery=locked,
            category=category,
            encoder_id=locked.encoder_id,
            reference=reference,
            data=Embedding.pack(vector),
        )
        for reference, vector in zip(references, vectors, strict=True)
    ]
    log_additions(locked, embeddings)
