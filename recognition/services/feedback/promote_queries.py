"""Queries that become references: what was asked about counts as a shot from now on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth.models import User

from recognition.core.types import Vector
from recognition.core.vectors import unpack
from recognition.models import AuditAction, Category, Embedding, Gallery, Query, Reference
from recognition.models.reference import image_path
from recognition.services.audit.trail import record
from recognition.services.encoders.gallery_encoders import encoder_of
from recognition.services.recognition.kept_image import kept_image
from recognition.services.references.approval import admit, state_for
from recognition.services.references.enrol import insert_reference
from recognition.services.references.photo_files import hold_photo, photo_file, twins_of
from recognition.services.references.regions import region_of_query, thumbnail_of
from recognition.services.storage.files import delete_files, stored


@dataclass(frozen=True, slots=True)
class Promotion:
    """A reference to be, beside the query that it comes from, its vector and its files' content."""

    query: Query
    reference: Reference
    vector: Vector
    encoder_id: int
    image: bytes
    thumbnail: bytes

    def content(self) -> bytes:
        return self.image


@contextmanager
def promotions(
    gallery: Gallery, queries: Sequence[Query], user: User | None
) -> Iterator[list[Promotion]]:
    """Store the queries' images as those of references; taken back if the block raises.

    A query that the gallery's encoder has embedded is not embedded again: its stored image is what
    was asked about.
    """
    embedded = Query.objects.filter(
        pk__in=[query.pk for query in queries], encoder_id=gallery.encoder_id
    )
    known = dict(embedded.values_list("pk", "data"))
    made = [_promotion(gallery, query, known.get(query.pk), user) for query in queries]
    first: dict[str, Reference] = {}
    files = []
    for each in made:
        reference = each.reference
        before = [first[reference.sha256]] if reference.sha256 in first else []
        files += photo_file(reference, before or twins_of(gallery, reference), each.content)
        if not reference.image.name:
            # Written first, since later ones of the same photo are given its file.
            reference.image.name = image_path(reference, "")
        first.setdefault(reference.sha256, reference)
        files.append((reference.thumbnail, each.thumbnail))
    with stored(*files):
        yield made


def insert_promotions(
    locked: Gallery, category: Category, chosen: Sequence[Promotion]
) -> list[Reference]:
    """Enrol them, inside the transaction that locked the gallery. Raises EncoderChanged."""
    embeddings = []
    for each in chosen:
        each.reference.category = category
        each.reference.state = state_for(locked, each.reference.created_by)
        hold_photo(each.reference, each.content)
        insert_reference(each.reference)
        embeddings.append(
            Embedding(
                gallery=locked,
                category=category,
                encoder_id=each.encoder_id,
                reference=each.reference,
                data=Embedding.pack(each.vector),
            )
        )
        record(
            AuditAction.PROMOTE,
            each.query,
            gallery=locked,
            user=each.reference.created_by,
            reference=each.reference.public_id,
            category=category.slug,
        )
    admit(locked, embeddings)
    return [each.reference for each in chosen]


def discard_promotions(left: Iterable[Promotion]) -> None:
    """Have the files of those deleted that turned out not to be wanted."""
    delete_files(
        name for each in left for name in (each.reference.image.name, each.reference.thumbnail.name)
    )


def _promotion(
    gallery: Gallery, query: Query, embedded: bytes | memoryview | None, user: User | None
) -> Promotion:
    data = kept_image(query)
    region = region_of_query(query, data)
    image = region.photo
    if embedded is None:
        [vector] = encoder_of(gallery).encode_regions([region])
    else:
        vector = unpack(embedded)
    reference = Reference(
        gallery=gallery,
        width=image.width,
        height=image.height,
        box=region.box,
        sha256=hashlib.sha256(data).hexdigest(),
        created_by=user,
    )
    small = thumbnail_of(image, region.box, gallery.domain)
    return Promotion(query, reference, vector, gallery.encoder_id, data, small)
