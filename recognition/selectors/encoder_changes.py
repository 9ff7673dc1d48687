"""Changes of encoder, and what each still has to embed."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from recognition.core.errors import EncoderChangeNotFound
from recognition.models import (
    OPEN,
    Embedding,
    EncoderChange,
    Gallery,
    Negative,
    NegativeEmbedding,
    Query,
    QueryEmbedding,
    QueryKind,
)

SAMPLE = 200
"""The latest queries that a comparison asks again."""


def changes_of(gallery: Gallery) -> QuerySet[EncoderChange]:
    return (
        EncoderChange.objects.filter(gallery=gallery)
        .select_related("gallery__encoder", "source", "target", "job")
        .defer("standby_model")
    )


def get_change(gallery: Gallery, public_id: str) -> EncoderChange:
    try:
        return changes_of(gallery).get(public_id=public_id)
    except EncoderChange.DoesNotExist:
        raise EncoderChangeNotFound(
            f"The gallery {gallery.slug!r} has no change of encoder {public_id!r}."
        ) from None


def open_change(gallery: Gallery) -> EncoderChange | None:
    return changes_of(gallery).filter(state__in=OPEN).first()


def missing_embeddings(change: EncoderChange) -> QuerySet[Embedding]:
    """List the present encoder's embeddings that have no twin of the encoder that stands by."""
    twins = Embedding.objects.filter(encoder_id=change.standby.pk)
    return Embedding.objects.filter(
        ~Exists(twins.filter(reference=OuterRef("reference"))),
        ~Exists(twins.filter(prompt=OuterRef("prompt"))),
        gallery_id=change.gallery_id,
        encoder_id=change.present.pk,
    ).order_by("pk")


def stray_embeddings(change: EncoderChange) -> QuerySet[Embedding]:
    """List the standby encoder's embeddings of what the present encoder has none of."""
    twins = Embedding.objects.filter(encoder_id=change.present.pk)
    return Embedding.objects.filter(
        ~Exists(twins.filter(reference=OuterRef("reference"))),
        ~Exists(twins.filter(prompt=OuterRef("prompt"))),
        gallery_id=change.gallery_id,
        encoder_id=change.standby.pk,
    )


def missing_negatives(change: EncoderChange) -> QuerySet[Negative]:
    """List the gallery's negatives that the encoder that stands by has not seen."""
    seen = NegativeEmbedding.objects.filter(encoder_id=change.standby.pk)
    return Negative.objects.filter(
        ~Exists(seen.filter(negative=OuterRef("pk"))), gallery_id=change.gallery_id
    ).order_by("pk")


def count_missing(change: EncoderChange) -> int:
    """Count the vectors that the encoder that stands by has still to make before a switch."""
    return missing_embeddings(change).count() + missing_negatives(change).count()


def asked_queries(change: EncoderChange) -> QuerySet[Query]:
    """List the present encoder's queries that can be asked again, as their images are kept."""
    asked = Query.objects.filter(
        gallery_id=change.gallery_id,
        encoder_id=change.present.pk,
        kind=QueryKind.IDENTIFICATION,
    )
    return asked.exclude(image="")


def missing_queries(change: EncoderChange) -> QuerySet[Query]:
    """List the queries asked that the other encoder has not seen and that matter: somebody judged
    them, or they are among the latest.
    """
    latest = asked_queries(change).order_by("-pk").values_list("pk", flat=True)[:SAMPLE]
    twins = QueryEmbedding.objects.filter(query=OuterRef("pk"), encoder_id=change.standby.pk)
    wanted = Q(feedback__isnull=False) | Q(pk__in=list(latest))
    return asked_queries(change).filter(wanted, ~Exists(twins)).order_by("-pk")
