"""Galleries whose vectors are given, so that no encoder need run."""

from __future__ import annotations

import numpy as np
from django.contrib.auth.models import User
from django.db import transaction

from recognition.core.types import Matrix, Vector
from recognition.models import Category, Embedding, EncoderRecord, Gallery, Reference
from recognition.services.change_log import lock_gallery, log_additions

DIMENSION = 64


def unit_vectors(count: int, seed: int = 0, dimension: int = DIMENSION) -> Matrix:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def vector_gallery(slug: str = "vectors", dimension: int = DIMENSION) -> Gallery:
    """A gallery with one category, of an encoder that nobody runs."""
    encoder, _ = EncoderRecord.objects.get_or_create(
        fingerprint=f"{dimension:064x}",
        defaults={
            "name": "given",
            "dimension": dimension,
            "input_size": 8,
            "logit_scale": 100.0,
        },
    )
    gallery = Gallery.objects.create(slug=slug, name=slug, encoder=encoder)
    Category.objects.create(gallery=gallery, slug="things", name="Things")
    return gallery


def enrol_vectors(gallery: Gallery, vectors: Matrix, user: User | None = None) -> list[Reference]:
    """References with these embeddings, logged as an enrolment logs them."""
    with transaction.atomic():
        locked = lock_gallery(gallery)
        category = locked.categories.first()
        references = Reference.objects.bulk_create(
            Reference(
                gallery=locked,
                category=category,
                width=1,
                height=1,
                sha256="0" * 64,
                created_by=user,
            )
            for _ in vectors
        )
        log_additions(
            locked,
            [
                Embedding(
                    gallery=locked,
                    category=category,
                    encoder=locked.encoder,
                    reference=reference,
                    data=Embedding.pack(vector),
                )
                for reference, vector in zip(references, vectors, strict=True)
            ],
        )
    return references


def embedding_of(reference: Reference) -> int:
    return Embedding.objects.get(reference=reference).pk


def holding(folder, vector: Vector) -> list[str]:
    """The files below a folder that contain a vector's bytes, in float32 or float16."""
    needles = vector.astype("<f4").tobytes(), vector.astype("<f2").tobytes()
    files = (path for path in folder.rglob("*") if path.is_file())
    return [str(path) for path in files if any(n in path.read_bytes() for n in needles)]
