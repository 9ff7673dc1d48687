from __future__ import annotations

from django.conf import settings
from django.db import models

from recognition.core.types import Outcome
from recognition.images import QUERY_SUFFIX
from recognition.models.category import Category
from recognition.models.encoder import EncoderRecord
from recognition.models.gallery import Gallery
from recognition.models.identifiers import query_id
from recognition.models.reference import BoxField


def image_path(query: Query, _filename: str) -> str:
    return f"galleries/{query.gallery_id}/queries/{query.public_id}{QUERY_SUFFIX}"


class QueryKind(models.TextChoices):
    """What was asked of an image."""

    IDENTIFICATION = "identification", "What is this?"
    VERIFICATION = "verification", "Is this the one?"


class Query(models.Model):
    """An image, or a region of one, that was to be recognised, and what was answered.

    Each region of a photo is a query of its own, so that a person may judge it by itself; all but
    the main one's name that one as ``main``. A verification is kept like an identification whose
    one candidate is ``claim``, the category that the image was said to show: accepted is a match,
    rejected unknown.
    """

    public_id = models.CharField(max_length=40, unique=True, default=query_id, editable=False)
    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="queries")
    encoder = models.ForeignKey(EncoderRecord, on_delete=models.PROTECT, related_name="+")
    image = models.FileField(
        upload_to=image_path,
        max_length=200,
        blank=True,
        help_text="Empty where the gallery keeps no images of queries.",
    )
    kind = models.CharField(
        max_length=14, choices=QueryKind.choices, default=QueryKind.IDENTIFICATION
    )
    claim = models.ForeignKey(
        Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="claims"
    )
    stored_bytes = models.BigIntegerField(
        null=True, editable=False, help_text="Of its files; null until somebody has measured them."
    )
    box = BoxField()
    main = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="others",
        help_text="The query of the main region of the same photo, whose image it shares.",
    )
    outcome = models.CharField(max_length=10, choices=[(o.value, o.value) for o in Outcome])
    category = models.ForeignKey(
        Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="queries"
    )
    confidence = models.FloatField(null=True, help_text="In the best candidate, as answered.")
    generation = models.PositiveBigIntegerField()
    answer = models.JSONField(help_text="The identification as it was answered.")
    data = models.BinaryField(help_text="The embedding: little-endian float32.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "queries"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["gallery", "encoder", "outcome", "confidence"]),
            models.Index(fields=["gallery", "created_at", "outcome"]),
        ]

    def __str__(self) -> str:
        return self.public_id
