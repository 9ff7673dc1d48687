"""Evaluations of a gallery."""

from __future__ import annotations

from django.db.models import QuerySet

from recognition.core.errors import EvaluationNotFound
from recognition.models import Evaluation, Gallery


def evaluations_of(gallery: Gallery) -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(gallery=gallery).select_related("job", "encoder")


def get_evaluation(gallery: Gallery, public_id: str) -> Evaluation:
    try:
        return evaluations_of(gallery).get(public_id=public_id)
    except Evaluation.DoesNotExist:
        raise EvaluationNotFound(
            f"The gallery {gallery.slug!r} has no evaluation {public_id!r}."
        ) from None
