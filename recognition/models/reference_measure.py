from __future__ import annotations

from django.db import models

from recognition.models.category import Category
from recognition.models.gallery import Gallery
from recognition.models.reference import Reference

NEVER = -1


class ReferenceMeasure(models.Model):
    """How good a reference is as a photo, and how it stands among the others of its gallery.

    Measured by the worker as of a ``generation``; null is what could not be measured.
    """

    reference = models.OneToOneField(Reference, on_delete=models.CASCADE, related_name="measure")
    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="+")
    generation = models.BigIntegerField(default=NEVER)
    sharpness = models.FloatField(null=True, help_text="Share of contrast that is fine detail.")
    flaw = models.CharField(
        max_length=20, blank=True, help_text="The first warning of the photo as such, if any."
    )
    shows = models.CharField(
        max_length=20,
        blank=True,
        help_text="The domain that the photo by itself would suit; empty where nobody looked.",
    )
    similarity = models.FloatField(
        null=True, help_text="Cosine to the mean of the category's other references."
    )
    nearest = models.ForeignKey(
        Category,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The other category that it is most like.",
    )
    nearest_similarity = models.FloatField(null=True)
    collides = models.BooleanField(
        default=False, help_text="So like the nearest that it may be taken for it."
    )
    wants_photo = models.BooleanField(
        default=False, help_text="Its category's only one, where another would help."
    )
    twin = models.ForeignKey(
        Reference,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The reference that is the same photo, or nearly.",
    )
    twin_similarity = models.FloatField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["gallery", "generation"]),
            models.Index(fields=["gallery", "similarity"]),
            models.Index(fields=["gallery", "collides"]),
        ]

    def __str__(self) -> str:
        return f"measure of {self.reference_id} at generation {self.generation}"
