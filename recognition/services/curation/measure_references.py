"""References measured for their curators: by the worker, some seconds at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence

from django.db import IntegrityError

from recognition.core.errors import ImageError, NoRegion, RecognitionError
from recognition.core.types import Domain, EvidenceKind
from recognition.core.vectors import unpack_rows
from recognition.encoders.protocol import InspectingEncoder
from recognition.images.quality import sharpness_of
from recognition.matching.advice.standing import Neighbourhood, Standing
from recognition.matching.support import SupportSet
from recognition.models import (
    Category,
    Embedding,
    Gallery,
    HeldEmbedding,
    Reference,
    ReferenceMeasure,
)
from recognition.selectors.curation.measures import galleries_to_measure, references_to_measure
from recognition.selectors.support import support_of
from recognition.services.curation.domain_advice import LOOKED_AT, keep_advice, shown_domain
from recognition.services.encoders.gallery_encoders import bulk_encoder_of
from recognition.services.matching.gallery_model import current, fitted
from recognition.services.references.regions import region_of_reference

logger = logging.getLogger(__name__)

TURN_SECONDS = 20.0
BATCH = 500
FIELDS = [
    "generation",
    "sharpness",
    "flaw",
    "shows",
    "similarity",
    "nearest",
    "nearest_similarity",
    "collides",
    "wants_photo",
    "twin",
    "twin_similarity",
]


def measure_stale(*, seconds: float = TURN_SECONDS) -> int:
    """Measure what changed, gallery by gallery, for about ``seconds``; returns how many references
    were measured.
    """
    deadline = time.monotonic() + seconds
    measured = 0
    for gallery in galleries_to_measure():
        try:
            measured += measure_gallery(gallery, deadline=deadline)
        except (RecognitionError, IntegrityError, Gallery.DoesNotExist):
            # What was measured may be removed meanwhile: the next turn finds what is left.
            logger.exception("the references of %s could not be measured", gallery.slug)
        if time.monotonic() > deadline:
            break
    return measured


def measure_gallery(gallery: Gallery, *, deadline: float = float("inf")) -> int:
    gallery = current(gallery)
    around = Neighbourhood.of(fitted(gallery).model, support_of(gallery))
    measured = 0
    while batch := list(references_to_measure(gallery)[:BATCH]):
        _measure(gallery, around, batch)
        measured += len(batch)
        if time.monotonic() > deadline:
            break
    if measured:
        keep_advice(gallery)
    return measured


def _measure(gallery: Gallery, around: Neighbourhood, batch: Sequence[Reference]) -> None:
    asked, owners = _vectors(gallery, batch)
    found = dict(zip(owners, around.standings(asked), strict=True))
    twins = {each.twin for each in found.values() if each.twin is not None}
    references = dict(Embedding.objects.filter(pk__in=twins).values_list("pk", "reference_id"))
    there = set(
        Category.objects.filter(
            pk__in={each.nearest for each in found.values() if each.nearest is not None}
        ).values_list("pk", flat=True)
    )
    encoder = bulk_encoder_of(gallery)
    looked = ReferenceMeasure.objects.filter(gallery=gallery).exclude(shows="").count()
    measures = []
    for reference in batch:
        measure = _of(reference, encoder, look=looked < LOOKED_AT)
        looked += bool(measure.shows)
        _take(measure, found.get(reference.pk, Standing()), references, there)
        measure.generation = gallery.generation
        measures.append(measure)
    ReferenceMeasure.objects.bulk_create(
        measures, update_conflicts=True, unique_fields=["reference"], update_fields=FIELDS
    )


def _of(reference: Reference, encoder: InspectingEncoder, *, look: bool) -> ReferenceMeasure:
    """The photo as such is looked at once: it never changes. ``look`` also at what it shows."""
    known: ReferenceMeasure | None = getattr(reference, "measure", None)
    if known is not None and (known.shows or not look):
        known.pk = None
        return known
    measure = ReferenceMeasure(reference=reference, gallery_id=reference.gallery_id)
    try:
        region = region_of_reference(reference)
    except (OSError, ImageError):
        measure.flaw = "unreadable"
        return measure
    try:
        measure.flaw = next(
            (warning.code for warning in encoder.inspect(region.photo, region.box)), ""
        )
    except NoRegion as error:
        measure.flaw = error.code
    image = region.cut()
    measure.sharpness = sharpness_of(image)
    if look:
        own = encoder.spec.domain
        measure.shows = (shown_domain(image) if own is Domain.GENERAL else own).value
    return measure


def _take(
    measure: ReferenceMeasure,
    standing: Standing,
    references: Mapping[int, int | None],
    there: set[int],
) -> None:
    measure.similarity = standing.similarity
    measure.nearest_id = standing.nearest if standing.nearest in there else None
    measure.nearest_similarity = standing.nearest_similarity
    measure.collides = standing.collides
    measure.wants_photo = standing.wants_photo
    measure.twin_id = references.get(standing.twin) if standing.twin is not None else None
    measure.twin_similarity = standing.twin_similarity if measure.twin_id else None


def _vectors(gallery: Gallery, batch: Sequence[Reference]) -> tuple[SupportSet, list[int]]:
    """The vectors of references, also of those that wait, which have ids below 0; and whose."""
    pks = [reference.pk for reference in batch]
    encoder = gallery.encoder
    searched = Embedding.objects.filter(reference__in=pks, encoder=encoder).values_list(
        "pk", "category_id", "reference_id", "data"
    )
    held = HeldEmbedding.objects.filter(reference__in=pks, encoder=encoder).values_list(
        "pk", "reference__category_id", "reference_id", "data"
    )
    rows = [*searched, *((-pk, *rest) for pk, *rest in held)]
    if not rows:
        return SupportSet.empty(encoder.dimension), []
    ids, categories, owners, data = zip(*rows, strict=True)
    vectors = unpack_rows(data, encoder.dimension)
    kinds = [EvidenceKind.REFERENCE] * len(rows)
    return SupportSet.of(ids, categories, kinds, vectors), [owner for owner in owners if owner]
