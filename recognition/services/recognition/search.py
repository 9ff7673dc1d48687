"""Search over references, by an image or by a text."""

from __future__ import annotations

from collections.abc import Sequence

from recognition.core.errors import InvalidInput
from recognition.core.regions import Box, Regions
from recognition.core.timing import Timings
from recognition.core.types import EvidenceKind, Matrix, QualityWarning
from recognition.encoders.templates import encode_prompts
from recognition.images import read_image
from recognition.index.protocol import Hit, Scope
from recognition.models import Embedding, Gallery
from recognition.selectors.categories import get_category
from recognition.services.categories.describe import clean_prompts
from recognition.services.categories.text_warnings import reading_warnings
from recognition.services.encoders.gallery_encoders import encoder_of
from recognition.services.encoders.present_encoder import with_present_encoder
from recognition.services.indexes.replicas import replica_of
from recognition.services.limits import image_limits
from recognition.services.recognition.answer import Answer, encoder_answer, warnings_answer
from recognition.services.recognition.regions import Looked, look, region_answer

DEFAULT_LIMIT = 20
MAX_LIMIT = 500


@with_present_encoder
def search(
    *,
    gallery: Gallery,
    data: bytes | None = None,
    text: str | None = None,
    limit: int = DEFAULT_LIMIT,
    categories: Sequence[str] = (),
    box: Box | None = None,
    regions: Regions | None = None,
) -> Answer:
    """Find the references nearest to an image or to a text, most similar first.

    ``categories`` are slugs or external ids to search within; none means all. Similarities to an
    image and to a text are on different scales. ``box`` is the part of the image that is meant;
    with ``regions``, what each of them is nearest to is told as well. Raises InvalidInput,
    InvalidBox, RegionsUnsupported, CategoryNotFound.
    """
    if (data is None) == (text is None):
        raise InvalidInput("Give either an image or a text.")
    asks_regions = box is not None or regions is not None
    if asks_regions and data is None:
        raise InvalidInput("Regions are of an image: give one.")
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidInput(f"limit is between 1 and {MAX_LIMIT}.")
    within = frozenset(get_category(gallery, key).pk for key in categories) or None
    timings = Timings()
    looked = None
    if asks_regions and data is not None:
        encoder = encoder_of(gallery)
        looked = look(data, encoder, box=box, regions=regions, timings=timings)
        with timings.step("encode"):
            vectors, warnings = looked.encoded(encoder), looked.warnings
    else:
        vectors, warnings = _encode(gallery, data, text, timings)
    replica = replica_of(gallery)
    with timings.step("search"):
        hits = replica.search(vectors, limit, Scope(within, EvidenceKind.REFERENCE))
    results = _results(hits)
    told = {} if looked is None else {"regions": _regions(looked, results)}
    return {
        "results": results[0],
        **told,
        "warnings": warnings_answer(warnings),
        "encoder": encoder_answer(gallery.encoder.spec),
        "generation": replica.generation,
        "timings_ms": timings,
    }


def _encode(
    gallery: Gallery, data: bytes | None, text: str | None, timings: Timings
) -> tuple[Matrix, tuple[QualityWarning, ...]]:
    """The question's embedding, and what is to know of how it was read."""
    encoder = encoder_of(gallery)
    if data is None:
        with timings.step("encode"):
            texts = clean_prompts([text or ""])
            return encode_prompts(encoder, texts), reading_warnings(encoder, texts)
    with timings.step("decode"):
        opened = read_image(data, limits=image_limits(), fit=gallery.encoder.input_size)
    with timings.step("encode"):
        return encoder.encode_images([opened.image]), opened.warnings


def _regions(looked: Looked, results: Sequence[list[Answer]]) -> list[Answer]:
    pairs = zip(looked.regions, results, strict=True)
    return [{**region_answer(region), "results": found} for region, found in pairs]


def _results(all_hits: Sequence[Sequence[Hit]]) -> list[list[Answer]]:
    """Return what each row of hits found, most similar first."""
    ids = [hit.id for hits in all_hits for hit in hits]
    found = {
        embedding.pk: embedding.reference
        for embedding in Embedding.objects.filter(pk__in=ids)
        .select_related("reference__category")
        .defer("data")
    }
    return [
        [
            {
                "reference": reference.public_id,
                "category": reference.category.slug,
                "name": reference.category.name,
                "similarity": hit.similarity,
            }
            for hit in hits
            if (reference := found.get(hit.id))
        ]
        for hits in all_hits
    ]
