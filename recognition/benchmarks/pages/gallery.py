"""A large gallery in bulk: synthetic vectors, of which some lie about real photos; real files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from secrets import token_hex

import numpy as np
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from recognition.benchmarks.index.vectors import clustered_vectors
from recognition.core.arrays import unit_rows
from recognition.core.types import Matrix
from recognition.images import STORED_SUFFIX, encode_stored, thumbnail
from recognition.models import AuditAction, AuditEntry, Category, Embedding, Gallery, Reference
from recognition.services.change_log import lock_gallery, log_additions
from recognition.services.encoders.gallery_encoders import encoder_of

_SIDE = 640
_CHUNK = 2_000
_NOISE = 0.8


@dataclass(frozen=True, slots=True)
class Stored:
    """A photo's files. References share them: no page reads them."""

    image: str
    thumbnail: str
    width: int
    height: int


def fill(
    gallery: Gallery, owner: User, photos: Sequence[Image.Image], references: int, categories: int
) -> None:
    """Enrol ``references``, in turn into ``categories``; the first of these are the photos'."""
    rows = Category.objects.bulk_create(
        Category(gallery=gallery, slug=f"thing-{number:04}", name=f"Thing {number:04}")
        for number in range(categories)
    )
    files = [_store(photo, number) for number, photo in enumerate(photos)]
    centres = clustered_vectors(categories, gallery.encoder.dimension)
    centres[: len(photos)] = encoder_of(gallery).encode_images(photos[:categories])
    for numbers, vectors in _around(centres, references):
        chosen = [rows[number % categories] for number in numbers]
        shown = [files[number % categories % len(files)] for number in numbers]
        _enrol(gallery, owner, chosen, shown, vectors)


def _store(photo: Image.Image, number: int) -> Stored:
    image = photo.copy()
    image.thumbnail((_SIDE, _SIDE))
    names = [
        default_storage.save(f"benchmark/{kind}-{number}{STORED_SUFFIX}", ContentFile(data))
        for kind, data in (("image", encode_stored(image)), ("thumbnail", thumbnail(image)))
    ]
    return Stored(names[0], names[1], image.width, image.height)


def _around(centres: Matrix, count: int) -> Iterator[tuple[Sequence[int], Matrix]]:
    generator = np.random.default_rng(0)
    for start in range(0, count, _CHUNK):
        numbers = range(start, min(start + _CHUNK, count))
        noise = generator.normal(size=(len(numbers), centres.shape[1])) / np.sqrt(centres.shape[1])
        yield numbers, unit_rows(centres[np.array(numbers) % len(centres)] + _NOISE * noise)


@transaction.atomic
def _enrol(
    gallery: Gallery,
    owner: User,
    categories: Sequence[Category],
    files: Sequence[Stored],
    vectors: Matrix,
) -> None:
    """The rows of as many enrolments, as ``services.enrol`` writes them."""
    locked = lock_gallery(gallery)
    references = Reference.objects.bulk_create(
        Reference(
            gallery=locked,
            category=category,
            image=file.image,
            thumbnail=file.thumbnail,
            width=file.width,
            height=file.height,
            sha256=token_hex(32),
            created_by=owner,
        )
        for category, file in zip(categories, files, strict=True)
    )
    embeddings = [
        Embedding(
            gallery=locked,
            category_id=reference.category_id,
            encoder_id=locked.encoder_id,
            reference=reference,
            data=Embedding.pack(vector),
        )
        for reference, vector in zip(references, vectors, strict=True)
    ]
    log_additions(locked, embeddings)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            deed=AuditAction.ENROL,
            gallery=locked,
            gallery_slug=locked.slug,
            user=owner,
            actor=owner.username,
            kind="reference",
            subject=reference.public_id,
            name=reference.public_id,
        )
        for reference in references
    )
