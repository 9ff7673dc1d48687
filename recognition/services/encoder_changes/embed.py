"""The same references, prompts, negatives and queries by the encoder that stands by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.db.models.fields.files import FieldFile
from PIL import Image

from recognition.core.errors import ImageError, ImageLost, NoRegion
from recognition.core.types import Vector
from recognition.encoders.domains import check_region
from recognition.encoders.protocol import InspectingEncoder
from recognition.encoders.templates import encode_prompts
from recognition.images import open_image
from recognition.models import (
    Embedding,
    EncoderChange,
    Negative,
    NegativeEmbedding,
    Query,
    QueryEmbedding,
)
from recognition.selectors.encoder_changes import (
    missing_embeddings,
    missing_negatives,
    missing_queries,
)
from recognition.services.change_log import lock_gallery
from recognition.services.encoders.gallery_encoders import recorded_bulk_encoder
from recognition.services.limits import image_limits

BATCH = 32
BATCH_PIXELS = 64_000_000

Guard = Callable[[], object]
"""Called in the transaction that keeps a batch; raises where it must not be kept."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Embeddings of the present encoder, each with what its twin is made from."""

    embeddings: Sequence[Embedding]
    images: Sequence[Image.Image]


def standby_encoder(change: EncoderChange) -> InspectingEncoder:
    return recorded_bulk_encoder(change.standby)


class Made(NamedTuple):
    """The number of embeddings made, and whether there were more to make when it began."""

    embedded: int
    more: bool


def embed_batch(
    change: EncoderChange, encoder: InspectingEncoder, guard: Guard, *, rows: int = BATCH
) -> Made:
    """Embed the next references or prompts that lack a twin; after them, negatives.

    They are kept under the gallery's lock, and only those that are still there: a removal that
    came meanwhile removed them for good. Raises ImageLost, EncoderError, what ``guard``
    raises.
    """
    found = missing_embeddings(change).select_related("reference", "prompt").defer("data")
    missing = list(found[: rows + 1])
    if not missing:
        return _embed_negatives(change, encoder, guard, rows)
    batch = _opened(missing[:rows])
    vectors: dict[int, Vector] = {}
    shots = [each for each in batch.embeddings if each.reference is not None]
    texts = [each for each in batch.embeddings if each.prompt is not None]
    if shots:
        _check_regions(encoder, batch)
        rows_of_images = encoder.encode_images(batch.images)
        vectors |= {each.pk: row for each, row in zip(shots, rows_of_images, strict=True)}
    if texts:
        prompts = encode_prompts(encoder, [each.prompt.text for each in texts if each.prompt])
        vectors |= {each.pk: row for each, row in zip(texts, prompts, strict=True)}
    if vectors:
        _keep(change, vectors, guard)
    more = len(missing) > len(batch.embeddings) or missing_negatives(change).exists()
    return Made(len(vectors), more)


def _embed_negatives(
    change: EncoderChange, encoder: InspectingEncoder, guard: Guard, rows: int
) -> Made:
    missing = list(missing_negatives(change)[: rows + 1])
    images: list[Image.Image] = []
    for negative in missing[:rows]:
        if sum(image.width * image.height for image in images) >= BATCH_PIXELS:
            break
        image = _kept(negative.image, "negative", negative.public_id)
        check_region(encoder, image, about=f"The negative {negative.public_id}")
        images.append(image)
    if images:
        ids = [each.pk for each in missing[: len(images)]]
        embedded = dict(zip(ids, encoder.encode_images(images), strict=True))
        _keep_negatives(change, embedded, guard)
    return Made(len(images), len(missing) > len(images))


def embed_queries(change: EncoderChange, encoder: InspectingEncoder) -> Iterator[int]:
    """Embed past queries, batch by batch; one whose image is gone is passed over."""
    missing = list(missing_queries(change).values_list("pk", flat=True))
    for start in range(0, len(missing), BATCH):
        queries = Query.objects.filter(pk__in=missing[start : start + BATCH]).defer("data")
        opened = [(query, image) for query in queries if (image := _or_none(query.image))]
        shown = [(query, image) for query, image in opened if _shows_something(encoder, image)]
        if shown:
            rows = encoder.encode_images([image for _, image in shown])
            found = zip([query.pk for query, _ in shown], rows, strict=True)
            _keep_queries(change, dict(found))
        yield len(shown)


def _shows_something(encoder: InspectingEncoder, image: Image.Image) -> bool:
    try:
        check_region(encoder, image)
    except NoRegion:
        return False
    return True


def _opened(embeddings: Sequence[Embedding]) -> Batch:
    """Open as many images as fit in memory."""
    images: list[Image.Image] = []
    for at, embedding in enumerate(embeddings):
        if embedding.reference is None:
            continue
        if sum(image.width * image.height for image in images) >= BATCH_PIXELS:
            return Batch(embeddings[:at], images)
        reference = embedding.reference
        images.append(_kept(reference.image, "reference", reference.public_id))
    return Batch(embeddings, images)


def _check_regions(encoder: InspectingEncoder, batch: Batch) -> None:
    shots = [each.reference for each in batch.embeddings if each.reference is not None]
    for reference, image in zip(shots, batch.images, strict=True):
        check_region(encoder, image, about=f"The reference {reference.public_id}")


def _kept(field: FieldFile, kind: str, name: str) -> Image.Image:
    try:
        return _read(field)
    except (ImageError, OSError) as error:
        raise ImageLost(
            f"The image of the {kind} {name} cannot be read. "
            f"Restore its file or remove the {kind}, then start again."
        ) from error


def _read(field: FieldFile) -> Image.Image:
    with field.open("rb") as file:
        return open_image(file.read(), limits=image_limits())


def _or_none(field: FieldFile) -> Image.Image | None:
    try:
        return _read(field)
    except (ImageError, OSError):
        return None


@transaction.atomic
def _keep(change: EncoderChange, vectors: dict[int, Vector], guard: Guard) -> None:
    locked = lock_gallery(change.gallery)
    guard()
    present = Embedding.objects.filter(
        pk__in=list(vectors), gallery=locked, encoder_id=change.present.pk
    ).defer("data")
    Embedding.objects.bulk_create(
        [
            Embedding(
                gallery=locked,
                category_id=each.category_id,
                encoder_id=change.standby.pk,
                reference_id=each.reference_id,
                prompt_id=each.prompt_id,
                generation=locked.generation,
                data=Embedding.pack(vectors[each.pk]),
            )
            for each in present
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def _keep_negatives(change: EncoderChange, vectors: dict[int, Vector], guard: Guard) -> None:
    lock_gallery(change.gallery)
    guard()
    there = Negative.objects.filter(pk__in=list(vectors)).values_list("pk", flat=True)
    NegativeEmbedding.objects.bulk_create(
        [
            NegativeEmbedding(
                negative_id=pk, encoder_id=change.standby.pk, data=Embedding.pack(vectors[pk])
            )
            for pk in there
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def _keep_queries(change: EncoderChange, vectors: dict[int, Vector]) -> None:
    lock_gallery(change.gallery)
    there = Query.objects.filter(pk__in=list(vectors)).values_list("pk", flat=True)
    QueryEmbedding.objects.bulk_create(
        [
            QueryEmbedding(
                query_id=pk, encoder_id=change.standby.pk, data=Embedding.pack(vectors[pk])
            )
            for pk in there
        ],
        ignore_conflicts=True,
    )
