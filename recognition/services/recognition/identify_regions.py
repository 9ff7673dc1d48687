"""Identification of regions of one photo: each is answered, the photo is one question."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from django.contrib.auth.models import User
from django.db import transaction

from recognition.core.regions import Box, Regions
from recognition.core.timing import Timings
from recognition.core.types import Decision, Matrix, Outcome
from recognition.encoders.protocol import InspectingEncoder
from recognition.images import encode_query
from recognition.models import Embedding, Event, Gallery, Query
from recognition.services.encoders.gallery_encoders import encoder_of
from recognition.services.matching.match import match, match_regions
from recognition.services.quotas import check_bytes, check_queries
from recognition.services.recognition.answer import Answer, Naming, decision_answer, warnings_answer
from recognition.services.recognition.regions import Looked, first_told, look, region_answer
from recognition.services.recognition.turned import Question, match_turned
from recognition.services.storage.files import stored_in_background
from recognition.services.webhooks.record import record_event

TOLD = (
    *("decision", "reason", "sentence", "help", "category", "confidence", "plausible"),
    *("candidates", "threshold"),
)
"""Tell the decision on each region."""

EVENTS = {Outcome.MATCH.value: Event.MATCH, Outcome.UNKNOWN.value: Event.UNKNOWN}
"""The outcomes that webhooks are told of."""

_beside = ThreadPoolExecutor(thread_name_prefix="regions")
"""Looks at pixels and keeps them while they are encoded."""


def identify_regions(
    *,
    gallery: Gallery,
    data: bytes,
    box: Box | None,
    regions: Regions | None,
    user: User | None,
    top_k: int,
    far: float | None,
    keep: bool,
) -> Query:
    """Recognise the regions of a photo, and keep each as a query; returns the main one's, whose
    answer tells of all. The photo is kept once.

    Raises ImageError kinds, InvalidBox, NoRegion, RegionsUnsupported, QuotaExceeded.
    """
    timings = Timings()
    encoder = encoder_of(gallery)
    looked = look(data, encoder, box=box, regions=regions, timings=timings)
    if keep:
        check_queries(gallery, len(looked.regions))
        check_bytes(gallery, 0)
    queries = _queries(gallery, looked, user)
    main = queries[0]
    flaws = _beside.submit(looked.flaws, encoder)
    files = ((main.image, encode_query(looked.photo, data)) for _ in range(_kept(gallery, keep)))
    with stored_in_background(_beside, files) as written:
        with timings.step("encode"):
            vectors = looked.encoded(encoder)
        decisions, seen = _decided(gallery, looked, encoder, vectors, top_k, far, timings)
        warned = [
            replace(decision, warnings=(*decision.warnings, *own))
            for decision, own in zip(decisions, flaws.result(), strict=True)
        ]
        _answer(queries, looked, vectors, warned, seen.generation, timings)
        if not keep:
            _forget_ids(queries)
            return main
        written()
        check_bytes(gallery, main.stored_bytes or 0)
        for other in queries[1:]:
            # The photo counts once, with the query of its main region.
            other.image.name, other.stored_bytes = main.image.name, 0
        _keep(queries, tell=seen.has_webhooks)
    return main


def _kept(gallery: Gallery, keep: bool) -> int:
    """Count the files that are kept: the photo, or none."""
    return int(keep and gallery.query_images)


def _queries(gallery: Gallery, looked: Looked, user: User | None) -> list[Query]:
    queries = [
        Query(gallery=gallery, encoder=gallery.encoder, created_by=user, box=box)
        for box in looked.boxes
    ]
    for other in queries[1:]:
        other.main = queries[0]
    return queries


def _decided(
    gallery: Gallery,
    looked: Looked,
    encoder: InspectingEncoder,
    vectors: Matrix,
    top_k: int,
    far: float | None,
    timings: Timings,
) -> tuple[list[Decision], Gallery]:
    if len(vectors) > 1:
        return match_regions(gallery, vectors, top_k=top_k, far=far, timings=timings)
    decision, seen = match(gallery, vectors, top_k=top_k, far=far, timings=timings)
    question = Question(seen, [looked.shown[0].cut()], top_k, far)
    return [match_turned(question, decision, encoder, timings)], seen


def _answer(
    queries: Sequence[Query],
    looked: Looked,
    vectors: Matrix,
    decisions: Sequence[Decision],
    generation: int,
    timings: Timings,
) -> None:
    """Each region's query has its own answer; the main one's tells of all."""
    gallery, main = queries[0].gallery, queries[0]
    naming = Naming.of(
        [candidate for each in decisions for candidate in each.candidates],
        [category for each in decisions for category in each.plausible],
    )
    told = []
    for query, region, vector, decision in zip(
        queries, looked.regions, vectors, decisions, strict=True
    ):
        answer = decision_answer(decision, gallery, naming)
        query.data = Embedding.pack(vector)
        query.outcome = decision.outcome.value
        query.category_id = decision.category if decision.category in naming.categories else None
        query.confidence = decision.confidence
        query.generation = generation
        query.answer = _answered(query, answer, generation, timings)
        told.append(_told(query, region_answer(region), answer))
        if query is not main:
            query.answer["regions"] = [told[-1]]
    warnings = first_told(looked.warnings, decisions[0].warnings)
    main.answer["warnings"] = warnings_answer(warnings)
    main.answer["regions"] = told


def _answered(query: Query, answer: Answer, generation: int, timings: Timings) -> Answer:
    return {
        "query": query.public_id,
        **answer,
        "generation": generation,
        "timings_ms": timings,
    }


def _told(query: Query, region: Answer, answer: Answer) -> Answer:
    return {
        "query": query.public_id,
        **region,
        **{name: answer[name] for name in TOLD},
        "warnings": answer["warnings"],
    }


def _forget_ids(queries: Sequence[Query]) -> None:
    """Nothing was kept that an answer could name."""
    main = queries[0].answer
    main["query"] = None
    for region in main["regions"]:
        region["query"] = None


@transaction.atomic
def _keep(queries: Sequence[Query], *, tell: bool) -> None:
    main, *others = queries
    main.save()
    Query.objects.bulk_create(others)
    if tell:
        # One photo is told of once, however many regions of it are of a kind.
        for outcome in dict.fromkeys(each.outcome for each in queries):
            if outcome in EVENTS:
                record_event(main.gallery, EVENTS[outcome], main.answer)
