"""A gallery's support set, and what people said of its queries, as arrays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When

from recognition.core.types import EvidenceKind, Matrix
from recognition.core.vectors import unpack_rows
from recognition.matching.fit import UNKNOWN
from recognition.matching.fit import Feedback as FeedbackVectors
from recognition.matching.support import SupportSet
from recognition.models import (
    Embedding,
    Feedback,
    Gallery,
    NegativeEmbedding,
    QueryEmbedding,
    Reference,
)

MAX_FEEDBACK = 2000

Verdict = Feedback.Verdict


def support_of(gallery: Gallery, categories: Iterable[int] | None = None) -> SupportSet:
    """Read the references and prompts of a gallery, or of some of its categories."""
    if categories is None:
        rows = Embedding.objects.filter(gallery=gallery, encoder_id=gallery.encoder_id)
    else:
        # Asked for the gallery or the encoder too, SQLite looks through all that they have.
        rows = Embedding.objects.filter(category_id__in=list(categories))
    fields = ("encoder_id", "pk", "category_id", "reference_id", "data")
    values = [kept for encoder, *kept in rows.values_list(*fields) if encoder == gallery.encoder_id]
    values.sort()
    if not values:
        return SupportSet.empty(gallery.encoder.dimension)
    ids, owners, references, data = zip(*values, strict=True)
    kinds = [EvidenceKind.PROMPT if each is None else EvidenceKind.REFERENCE for each in references]
    return SupportSet.of(ids, owners, kinds, unpack_rows(data, gallery.encoder.dimension))


def rejections_of(gallery: Gallery) -> SupportSet:
    """Read the queries of which somebody said "not this", each with the category that it
    was not.
    """
    rows = list(
        _judged(gallery)
        .filter(verdict=Verdict.NOT_THIS)
        .values_list("query_id", "category_id", "vector")[:MAX_FEEDBACK]
    )
    if not rows:
        return SupportSet.empty(gallery.encoder.dimension)
    ids, categories, data = zip(*rows, strict=True)
    kinds = [EvidenceKind.REFERENCE] * len(rows)
    return SupportSet.of(ids, categories, kinds, unpack_rows(data, gallery.encoder.dimension))


def feedback_of(gallery: Gallery) -> FeedbackVectors:
    """Read the latest queries of known truth that have not become references themselves."""
    rows = list(
        _judged(gallery)
        .exclude(verdict=Verdict.NOT_THIS)
        .filter(Q(reference__isnull=True) | Q(reference__state=Reference.State.PENDING))
        .values_list("verdict", "category_id", "vector")[:MAX_FEEDBACK]
    )
    known = [row for row in rows if row[0] == Verdict.UNKNOWN or row[1] is not None]
    truths = [UNKNOWN if verdict == Verdict.UNKNOWN else owner for verdict, owner, _ in known]
    vectors = unpack_rows([data for *_, data in known], gallery.encoder.dimension)
    return FeedbackVectors(vectors, np.array(truths, np.int64))


def strangers_of(gallery: Gallery) -> Matrix:
    """Read all images that show nothing that the gallery knows, negatives first, ``(k, d)``."""
    return np.concatenate([negative_vectors_of(gallery), judged_strangers_of(gallery)])


def negative_vectors_of(gallery: Gallery) -> Matrix:
    """Read the photos that were given as impostors, the latest first, ``(k, d)``."""
    negatives = NegativeEmbedding.objects.filter(
        negative__gallery=gallery, encoder_id=gallery.encoder_id
    )
    data = list(negatives.order_by("-pk").values_list("data", flat=True)[:MAX_FEEDBACK])
    return unpack_rows(data, gallery.encoder.dimension)


def judged_strangers_of(gallery: Gallery) -> Matrix:
    """Read the queries that somebody judged to show nothing that the gallery knows, ``(k, d)``."""
    judged = _judged(gallery).filter(verdict=Verdict.UNKNOWN)
    data = list(judged.values_list("vector", flat=True)[:MAX_FEEDBACK])
    return unpack_rows(data, gallery.encoder.dimension)


def _judged(gallery: Gallery) -> QuerySet[Any]:
    """List judgements with the query's ``vector`` by the gallery's encoder, which may not be the
    one that it was asked of; without one there is nothing to learn.
    """
    anew = QueryEmbedding.objects.filter(
        query=OuterRef("query"), encoder_id=gallery.encoder_id
    ).values("data")
    own = When(Q(query__encoder_id=gallery.encoder_id), then=F("query__data"))
    return (
        Feedback.objects.filter(query__gallery=gallery)
        .annotate(vector=Case(own, default=Subquery(anew[:1])))
        .filter(vector__isnull=False)
        .order_by("-pk")
    )
