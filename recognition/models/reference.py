from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from recognition.core.regions import Box
from recognition.models.category import Category
from recognition.models.gallery import Gallery
from recognition.models.identifiers import reference_id


class BoxField(models.JSONField):
    """The box of a region in pixels of its upright image; null for the whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        told = "The region in pixels of the upright image; empty for the whole."
        defaults = {"null": True, "blank": True, "editable": False, "help_text": told}
        super().__init__(*args, **{**defaults, **kwargs})

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Box | None:
        found = super().from_db_value(value, expression, connection)
        return None if found is None else Box(**found)

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(value.as_json() if isinstance(value, Box) else value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        given = value.as_json() if isinstance(value, Box) else value
        return super().get_db_prep_value(given, connection, prepared)


def image_path(reference: Reference, _filename: str) -> str:
    return f"galleries/{reference.gallery_id}/references/{reference.public_id}.webp"


def thumbnail_path(reference: Reference, _filename: str) -> str:
    return f"galleries/{reference.gallery_id}/thumbnails/{reference.public_id}.webp"


class Reference(models.Model):
    """One enrolled region of an image of a category: one shot. References of one photo share its
    file, of ``width`` and ``height``.

    One that waits for approval has no embedding, so that nothing that is made of embeddings can
    know of it; what the encoder made of it is held apart, as a HeldEmbedding.
    """

    class State(models.TextChoices):
        APPROVED = "approved", "Approved"
        PENDING = "pending", "Waits for approval"

    public_id = models.CharField(max_length=40, unique=True, default=reference_id, editable=False)
    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="references")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="references")
    image = models.FileField(upload_to=image_path, max_length=200)
    thumbnail = models.FileField(upload_to=thumbnail_path, max_length=200)
    stored_bytes = models.BigIntegerField(
        null=True, editable=False, help_text="Of its files; null until somebody has measured them."
    )
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    box = BoxField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.APPROVED)
    sha256 = models.CharField(max_length=64, help_text="Of the bytes that were uploaded.")
    external_id = models.CharField(
        max_length=200, blank=True, help_text="The caller's own identifier."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["gallery", "sha256"]),
            models.Index(fields=["gallery", "state", "id"]),
            models.Index(fields=["image"], name="references_of_a_file"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["gallery", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_reference_external_id_a_gallery",
            )
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_pending(self) -> bool:
        return self.state == self.State.PENDING
