from __future__ import annotations

from django.conf import settings
from django.db import models

from recognition.models.encoder import EncoderRecord
from recognition.models.gallery import Gallery
from recognition.models.identifiers import negative_id


def image_path(negative: Negative, _filename: str) -> str:
    return f"galleries/{negative.gallery_id}/negatives/{negative.public_id}.webp"


def thumbnail_path(negative: Negative, _filename: str) -> str:
    return f"galleries/{negative.gallery_id}/negative-thumbnails/{negative.public_id}.webp"


class Negative(models.Model):
    """A photo of something that the gallery does not know: an impostor, by which it learns what
    chance looks like. It is never recognised."""

    public_id = models.CharField(max_length=40, unique=True, default=negative_id, editable=False)
    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="negatives")
    image = models.FileField(upload_to=image_path, max_length=200)
    thumbnail = models.FileField(upload_to=thumbnail_path, max_length=200)
    stored_bytes = models.BigIntegerField(
        null=True, editable=False, help_text="Of its files; null until somebody has measured them."
    )
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, help_text="Of the bytes that were uploaded.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["gallery", "sha256"], name="one_negative_a_file_and_gallery"
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class NegativeEmbedding(models.Model):
    """A negative's vector by one encoder; of two while its gallery changes encoders."""

    negative = models.ForeignKey(Negative, on_delete=models.CASCADE, related_name="embeddings")
    encoder = models.ForeignKey(EncoderRecord, on_delete=models.PROTECT, related_name="+")
    data = models.BinaryField(help_text="Little-endian float32, L2-normalised.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["negative", "encoder"], name="one_embedding_a_negative_and_encoder"
            )
        ]

    def __str__(self) -> str:
        return f"embedding of {self.negative}"
