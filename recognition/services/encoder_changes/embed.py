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
from recognition.images.regions import PhotoRegion
from recognition.models import (
    Embedding,
    EncoderChange,
    Negative,
    NegativeEmbedding,
    Query,
    QueryEmbedding,
    Reference,
)
from recognition.selectors.encoder_changes import (
    missing_embeddings,
    missing_negatives,
    missing_queries,
)
from recognition.services.change_log import lock_gallery
from recognition.services.encoders.gallery_encoders import recorded_bulk_encoder
from recognition.services.limits import image_limits
from recognition.services.references.regions import region_of_reference

BATCH = 32
BATCH_PIXELS = 64_000_000

Guard = Callable[[], object]
"""Called in the transaction that keeps a batch; raises where it must not be kept."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Embeddings of the present encoder, each with what its twin is made from."""

    embeddings: Sequence[Embedding]
    regions: Sequence[PhotoRegion]


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
        rows_of_images = encoder.encode_regions(batch.regions)
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
        opened = [(query, region) for query in queries if (region := _or_none(query))]
        shown = [(query, region) for query, region in opened if _shows_something(encoder, region)]
        if shown:
            rows = encoder.encode_regions([region for _, region in shown])
            found = zip([query.pk for query, _ in shown], rows, strict=True)
            _keep_queries(change, dict(found))
        yield len(shown)


def _shows_something(encoder: InspectingEncoder, region: PhotoRegion) -> bool:
    try:
        check_region(encoder, region.photo, box=region.box)
    except NoRegion:
        return False
    return True


def _opened(embeddings: Sequence[Embedding]) -> Batch:
    """Open as many images as fit in memory."""
    regions: list[PhotoRegion] = []
    for at, embedding in enumerate(embeddings):
        if embedding.reference is None:
            continue
        if sum(each.photo.width * each.photo.height for each in regions) >= BATCH_PIXELS:
            return Batch(embeddings[:at], regions)
        regions.append(_kept_region(embedding.reference))
    return Batch(embeddings, regions)


def _check_regions(encoder: InspectingEncoder, batch: Batch) -> None:
    shots = [each.reference for each in batch.embeddings if each.reference is not None]
    for reference, region in zip(shots, batch.regions, strict=True):
        about = f"The reference {reference.public_id}"
        check_region(encoder, region.photo, about=about, box=region.box)


def _kept_region(reference: Reference) -> PhotoRegion:
    try:
        return region_of_reference(reference)
    except (ImageError, OSError) as error:
        raise _lost("reference", reference.public_id) from error


def _kept(field: FieldFile, kind: str, name: str) -> Image.Image:
    try:
        return _read(field)
    except (ImageError, OSError) as error:
        raise _lost(kind, name) from error


def _lost(kind: str, name: str) -> ImageLost:
    return ImageLost(
        f"The image of the {kind} {name} cannot be read. "
        f"Restore its file or remove the {kind}, then start again."
    )


def _read(field: FieldFile) -> Image.Image:
    with field.open("rb") as file:
        return open_image(file.read(), limits=image_limits())


def _or_none(query: Query) -> PhotoRegion | None:
    try:
        return PhotoRegion(_read(query.image), query.box)
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
