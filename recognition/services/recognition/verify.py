"""Verification, 1:1: is this what it is claimed to be?"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from recognition.core.errors import EmptyCategory
from recognition.core.regions import Box, Regions
from recognition.core.timing import Timings
from recognition.core.types import Outcome, Vector, Verification
from recognition.images import encode_query, read_image
from recognition.models import (
    AuditAction,
    Category,
    Embedding,
    Event,
    Gallery,
    Query,
    QueryKind,
)
from recognition.selectors.categories import get_category
from recognition.services.audit.trail import record
from recognition.services.encoders.gallery_encoders import encoder_of
from recognition.services.encoders.present_encoder import with_present_encoder
from recognition.services.galleries.claims import claim_of
from recognition.services.limits import checked_far, image_limits
from recognition.services.matching.match import match_each
from recognition.services.quotas import check_bytes, check_queries
from recognition.services.recognition.answer import (
    Answer,
    Naming,
    candidate_answer,
    encoder_answer,
    threshold_answer,
    warnings_answer,
)
from recognition.services.recognition.regions import Looked, look, region_answer
from recognition.services.recognition.sentences import (
    cautions,
    help_sentences,
    verification_sentence,
)
from recognition.services.storage.files import stored
from recognition.services.webhooks.record import record_event

CANDIDATE = (
    "category",
    "name",
    "score",
    "similarity",
    "confidence",
    "impostor_percentile",
    "evidence",
)
"""The parts of an answer that tell its candidate."""


@with_present_encoder
def verify(
    *,
    gallery: Gallery,
    category: str,
    data: bytes,
    far: float | None = None,
    user: User | None = None,
    keep: bool = True,
    box: Box | None = None,
    regions: Regions | None = None,
) -> Answer:
    """Accept or reject the claim that an image shows a category, at a false-accept rate.

    ``category`` is a slug or an external id; ``far`` is by default the gallery's. What was claimed,
    the image and the answer are kept as a query, told to webhooks and written to the audit trail;
    a camera that looks on asks without ``keep``. ``box`` is the part of the image that is meant;
    with all ``regions``, the claim is that any of them shows it. Raises ImageError, InvalidBox,
    RegionsUnsupported, CategoryNotFound, EmptyCategory, QuotaExceeded.
    """
    checked_far(far)
    claimed = get_category(gallery, category)
    if not claimed.embeddings.filter(encoder_id=gallery.encoder_id).exists():
        raise EmptyCategory(f"The category {claimed.slug!r} has no reference and no prompt yet.")
    if keep:
        check_queries(gallery)
    timings = Timings()
    if box is not None or regions is not None:
        encoder = encoder_of(gallery)
        looked = look(data, encoder, box=box, regions=regions, timings=timings)
    else:
        looked = _plainly(gallery, data, timings)
    with timings.step("encode"):
        vectors = looked.encoded(encoder_of(gallery))
    found, generation = match_each(
        gallery, [row[None] for row in vectors], claimed, far=far, timings=timings
    )
    best = max(range(len(found)), key=lambda at: found[at].candidate.score)
    verification = found[best]
    naming = Naming.of([each.candidate for each in found])
    answer = {
        "accepted": verification.accepted,
        "reason": verification.reason.value if verification.reason else None,
        "sentence": verification_sentence(verification, claimed.name),
        "help": help_sentences(verification.helps, claimed.name),
        **candidate_answer(verification.candidate, naming),
        "calibrated": verification.calibrated,
        "threshold": threshold_answer(
            verification.threshold,
            claim_of(gallery, verification.threshold.target_far, verification=True),
        ),
        "warnings": warnings_answer(
            (*verification.warnings, *looked.warnings, *cautions(gallery.domain, verification))
        ),
        "encoder": encoder_answer(gallery.encoder.spec),
        "generation": generation,
        "timings_ms": timings,
        **_regions(looked, found, naming),
    }
    if not keep:
        return answer | {"query": None}
    query = _query(gallery, claimed, vectors[best], verification, generation, user)
    query.box = looked.boxes[best]
    query.answer = _kept(answer, query, verification)
    files = [(query.image, encode_query(looked.photo, data))] if gallery.query_images else []
    with stored(*files):
        _keep_and_tell(query, claimed, answer, user)
    return answer | {"query": query.public_id}


def _plainly(gallery: Gallery, data: bytes, timings: Timings) -> Looked:
    """Look at an image where nothing is asked of regions: no larger than its encoder needs."""
    with timings.step("decode"):
        opened = read_image(data, limits=image_limits(), fit=gallery.encoder.input_size)
    return Looked(opened.image, (), (None,), opened.warnings)


def _regions(looked: Looked, found: Sequence[Verification], naming: Naming) -> Answer:
    """Return each region, with whether it shows what was claimed, where they were asked for."""
    if not looked.regions:
        return {}
    told = [
        {
            **region_answer(region),
            "accepted": each.accepted,
            "reason": each.reason.value if each.reason else None,
            "candidate": candidate_answer(each.candidate, naming),
        }
        for region, each in zip(looked.regions, found, strict=True)
    ]
    return {"regions": told}


def _query(
    gallery: Gallery,
    claimed: Category,
    vector: Vector,
    verification: Verification,
    generation: int,
    user: User | None,
) -> Query:
    return Query(
        gallery=gallery,
        encoder=gallery.encoder,
        kind=QueryKind.VERIFICATION,
        claim=claimed,
        category=claimed if verification.accepted else None,
        outcome=_outcome(verification).value,
        confidence=verification.candidate.confidence,
        generation=generation,
        data=Embedding.pack(vector),
        created_by=user,
    )


def _outcome(verification: Verification) -> Outcome:
    if verification.accepted:
        return Outcome.MATCH
    return Outcome.AMBIGUOUS if verification.reason else Outcome.UNKNOWN


def _kept(answer: Answer, query: Query, verification: Verification) -> Answer:
    """Return the answer as it is kept: that of an identification with one candidate, too."""
    rest = {key: value for key, value in answer.items() if key not in (*CANDIDATE, "regions")}
    return {
        **rest,
        "query": query.public_id,
        "decision": query.outcome,
        "confidence": query.confidence,
        "category": answer["category"] if verification.accepted else None,
        "plausible": [],
        "candidates": [{key: answer[key] for key in CANDIDATE}],
    }


@transaction.atomic
def _keep_and_tell(query: Query, claimed: Category, answer: Answer, user: User | None) -> None:
    check_bytes(query.gallery, query.stored_bytes or 0)
    query.save()
    record_event(query.gallery, Event.VERIFIED, answer | {"query": query.public_id})
    record(
        AuditAction.VERIFY,
        query,
        gallery=query.gallery,
        user=user,
        category=claimed.slug,
        accepted=answer["accepted"],
        score=round(answer["score"], 2),
    )
