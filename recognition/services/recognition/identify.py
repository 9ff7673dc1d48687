"""Identification, 1:N: what is this?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.fields.files import FieldFile
from PIL import Image

from recognition.core.errors import InvalidInput
from recognition.core.regions import Box, Regions
from recognition.core.timing import Timings
from recognition.core.types import Decision, Matrix, QualityWarning
from recognition.encoders.protocol import InspectingEncoder
from recognition.images import Opened, check_request, encode_query, read_image
from recognition.models import Embedding, Gallery, Query
from recognition.services.encoders.gallery_encoders import encoder_of
from recognition.services.encoders.present_encoder import with_present_encoder
from recognition.services.limits import checked_far, image_limits
from recognition.services.matching.match import match
from recognition.services.quotas import check_bytes, check_queries
from recognition.services.recognition.answer import Answer, Naming, decision_answer
from recognition.services.recognition.identify_regions import EVENTS, identify_regions
from recognition.services.recognition.regions import first_told
from recognition.services.recognition.turned import Question, match_turned
from recognition.services.storage.files import stored_in_background
from recognition.services.webhooks.record import record_event

DEFAULT_TOP_K = 5
MAX_TOP_K = 100
MAX_LOOKS = 16
"""Images of one thing that are weighed together."""

_beside = ThreadPoolExecutor(thread_name_prefix="beside")
"""Looks at pixels and keeps them while they are encoded: later, the answer would wait for it."""


@dataclass(frozen=True, slots=True)
class Identification:
    """A kept query and its answer, which is the same whoever asks."""

    query: Query
    answer: Answer


@with_present_encoder
def identify(
    *,
    gallery: Gallery,
    data: bytes,
    burst: Sequence[bytes] = (),
    user: User | None = None,
    top_k: int = DEFAULT_TOP_K,
    far: float | None = None,
    keep: bool = True,
    box: Box | None = None,
    regions: Regions | None = None,
) -> Identification:
    """Recognise an image, and keep the query with its answer.

    ``box`` is the part of the image that is meant, and ``regions`` says what else is looked at;
    where either is given, the answer also tells of each region. ``burst`` are further images of the
    same thing: all are fused into one answer, each is kept as a query, and the first stands for
    them. A camera that looks on asks without ``keep``: its answer names no query, and an image that
    nothing explains is not tried turned. ``far`` is the share of queries of unknown things that may
    be matched, by default the gallery's. Raises ImageError kinds, InvalidInput, InvalidBox,
    RegionsUnsupported.
    """
    checked_far(far)
    if not 1 <= top_k <= MAX_TOP_K:
        raise InvalidInput(f"top_k is between 1 and {MAX_TOP_K}.")
    if len(burst) >= MAX_LOOKS:
        raise InvalidInput(f"Give at most {MAX_LOOKS} images of one thing.")
    if box is not None or regions is not None:
        if burst:
            raise InvalidInput("Regions are of one image: give no others beside it.")
        found = identify_regions(
            gallery=gallery,
            data=data,
            box=box,
            regions=regions,
            user=user,
            top_k=top_k,
            far=far,
            keep=keep,
        )
        return Identification(found, found.answer)
    if keep:
        check_queries(gallery, 1 + len(burst))
        check_bytes(gallery, 0)
    timings = Timings()
    limits, side = image_limits(), gallery.encoder.input_size
    sources = (data, *burst)
    with timings.step("decode"):
        if burst:
            check_request(sources, limits=limits, fit=side)
        opened = [read_image(each, limits=limits, fit=side) for each in sources]
        images = [each.image for each in opened]
    queries = [_query(gallery, user) for _ in images]
    encoder = encoder_of(gallery)
    flaws = _beside.submit(_flaws, encoder, opened)
    files = _files(queries, images, sources) if keep and gallery.query_images else ()
    with stored_in_background(_beside, files) as written:
        with timings.step("encode"):
            vectors = encoder.encode_images(images)
        decision, seen = match(gallery, vectors, top_k=top_k, far=far, timings=timings)
        if keep:
            question = Question(seen, images, top_k, far)
            decision = match_turned(question, decision, encoder, timings)
        decision = replace(decision, warnings=(*decision.warnings, *flaws.result()))
        _answer(queries, vectors, decision, seen.generation, timings)
        if not keep:
            return Identification(queries[0], {**queries[0].answer, "query": None})
        written()
        check_bytes(gallery, sum(query.stored_bytes or 0 for query in queries))
        if seen.has_webhooks or len(queries) > 1:
            _keep_and_tell(queries)
        else:
            queries[0].save()
    return Identification(queries[0], queries[0].answer)


def identify_each(
    *, gallery: Gallery, images: Sequence[bytes], user: User | None = None
) -> list[Identification]:
    """Recognise images of different things, one after the other. Raises as ``identify``, and
    TooManyPixels for what they have together before the first is looked at.
    """
    check_request(images, limits=image_limits(), fit=gallery.encoder.input_size)
    return [identify(gallery=gallery, data=data, user=user) for data in images]


def _flaws(encoder: InspectingEncoder, opened: Sequence[Opened]) -> tuple[QualityWarning, ...]:
    """Return what is wrong with the images, or was guessed of them, the same told once."""
    return first_told(*((*each.warnings, *encoder.inspect(each.image)) for each in opened))


def _files(
    queries: Sequence[Query], images: Sequence[Image.Image], sources: Sequence[bytes]
) -> Iterator[tuple[FieldFile, bytes]]:
    for query, image, source in zip(queries, images, sources, strict=True):
        yield query.image, encode_query(image, source)


def _query(gallery: Gallery, user: User | None) -> Query:
    """Make the query of one image, yet without an answer."""
    return Query(gallery=gallery, encoder=gallery.encoder, created_by=user)


def _answer(
    queries: Sequence[Query],
    vectors: Matrix,
    decision: Decision,
    generation: int,
    timings: Timings,
) -> None:
    """All images of one thing have the one answer."""
    gallery = queries[0].gallery
    naming = Naming.of(decision.candidates, decision.plausible)
    answer = decision_answer(decision, gallery, naming)
    burst = {"burst": [query.public_id for query in queries]} if len(queries) > 1 else {}
    for query, vector in zip(queries, vectors, strict=True):
        query.data = Embedding.pack(vector)
        query.outcome = decision.outcome.value
        query.category_id = decision.category if decision.category in naming.categories else None
        query.confidence = decision.confidence
        query.generation = generation
        query.answer = {
            "query": query.public_id,
            **burst,
            **answer,
            "generation": generation,
            "timings_ms": timings,
        }


@transaction.atomic
def _keep_and_tell(queries: Sequence[Query]) -> None:
    for query in queries:
        query.save()
    first = queries[0]
    if first.outcome in EVENTS:
        record_event(first.gallery, EVENTS[first.outcome], first.answer)
