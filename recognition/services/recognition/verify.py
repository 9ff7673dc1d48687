"""Verification, 1:1: is this what it is claimed to be?"""

from __future__ import annotations

from recognition.core.errors import EmptyCategory
from recognition.core.timing import Timings
from recognition.images import read_image
from recognition.models import Gallery
from recognition.selectors.categories import get_category
from recognition.services.encoders.gallery_encoders import encoder_of
from recognition.services.encoders.present_encoder import with_present_encoder
from recognition.services.galleries.claims import claim_of
from recognition.services.limits import checked_far, image_limits
from recognition.services.matching.match import match_one
from recognition.services.recognition.answer import (
    Answer,
    Naming,
    candidate_answer,
    encoder_answer,
    threshold_answer,
    warnings_answer,
)
from recognition.services.recognition.sentences import (
    cautions,
    help_sentences,
    verification_sentence,
)


@with_present_encoder
def verify(*, gallery: Gallery, category: str, data: bytes, far: float | None = None) -> Answer:
    """Accept or reject the claim that an image shows a category, at a false-accept rate.

    ``category`` is a slug or an external id; ``far`` is by default the gallery's. Raises
    ImageError, CategoryNotFound, EmptyCategory.
    """
    checked_far(far)
    claimed = get_category(gallery, category)
    if not claimed.embeddings.filter(encoder_id=gallery.encoder_id).exists():
        raise EmptyCategory(f"The category {claimed.slug!r} has no reference and no prompt yet.")
    timings = Timings()
    with timings.step("decode"):
        opened = read_image(data, limits=image_limits(), fit=gallery.encoder.input_size)
    with timings.step("encode"):
        vectors = encoder_of(gallery).encode_images([opened.image])
    verification, generation = match_one(gallery, vectors, claimed, far=far, timings=timings)
    naming = Naming.of([verification.candidate])
    return {
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
            (*verification.warnings, *opened.warnings, *cautions(gallery.domain, verification))
        ),
        "encoder": encoder_answer(gallery.encoder.spec),
        "generation": generation,
        "timings_ms": timings,
    }
