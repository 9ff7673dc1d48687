"""Identification, 1:N: what is this?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib.auth.models import User
from django.db import transaction

from recognition.errors import InvalidInput
from recognition.images import encode_stored, open_image
from recognition.matching.quality import image_warnings
from recognition.models import Embedding, Event, Gallery, Query
from recognition.services.answer import Answer, Naming, decision_answer
from recognition.services.encoders import encoder_of
from recognition.services.files import stored
from recognition.services.limits import checked_far, image_limits
from recognition.services.match import match
from recognition.services.timing import Timings
from recognition.services.webhooks.record import record_event
from recognition.types import Outcome

DEFAULT_TOP_K = 5
MAX_TOP_K = 100

TOLD = {Outcome.MATCH.value: Event.MATCH, Outcome.UNKNOWN.value: Event.UNKNOWN}
"""The outcomes that webhooks are told of."""


@dataclass(frozen=True, slots=True)
class Identification:
    """A kept query and its answer, which is the same whoever asks."""

    query: Query
    answer: Answer


def identify(
    *,
    gallery: Gallery,
    data: bytes,
    user: User | None = None,
    top_k: int = DEFAULT_TOP_K,
    far: float | None = None,
) -> Identification:
    """Recognise an image, and keep the query with its answer.

    ``far`` is the share of queries of unknown things that may be matched, by default the
    gallery's. Raises ImageError kinds, InvalidInput.
    """
    checked_far(far)
    if not 1 <= top_k <= MAX_TOP_K:
        raise InvalidInput(f"top_k is between 1 and {MAX_TOP_K}.")
    timings = Timings()
    with timings.step("decode"):
        image = open_image(data, limits=image_limits(), fit=gallery.encoder.input_size)
    with timings.step("encode"):
        vectors = encoder_of(gallery).encode_images([image])
    decision, generation = match(gallery, vectors, top_k=top_k, far=far, timings=timings)
    decision = replace(decision, warnings=(*decision.warnings, *image_warnings(image)))
    naming = Naming.of(decision.candidates, decision.plausible)
    query = Query(
        gallery=gallery,
        encoder=gallery.encoder,
        outcome=decision.outcome.value,
        category=naming.categories.get(decision.category) if decision.category else None,
        generation=generation,
        data=Embedding.pack(vectors[0]),
        created_by=user,
    )
    query.answer = {
        "query": query.public_id,
        **decision_answer(decision, gallery, naming),
        "generation": generation,
        "timings_ms": timings,
    }
    with stored((query.image, encode_stored(image))):
        _keep(query)
    return Identification(query, query.answer)


@transaction.atomic
def _keep(query: Query) -> None:
    query.save()
    if query.outcome in TOLD:
        record_event(query.gallery, TOLD[query.outcome], query.answer)
