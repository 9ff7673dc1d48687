from __future__ import annotations

from django.conf import settings
from django.db import models

from recognition.models.encoder import EncoderRecord
from recognition.models.gallery import Gallery
from recognition.models.identifiers import encoder_change_id
from recognition.models.job import Job
from recognition.models.query import Query


class EncoderChange(models.Model):
    """A gallery on its way from one encoder to another.

    While it is open, the embeddings of both are kept: those of the encoder that is not the
    gallery's stand by and are searched by nobody.
    """

    class State(models.TextChoices):
        EMBEDDING = "embedding", "Embedding"
        READY = "ready", "Ready"
        SWITCHED = "switched", "Switched"
        FINISHED = "finished", "Finished"
        ROLLED_BACK = "rolled_back", "Rolled back"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    public_id = models.CharField(
        max_length=40, unique=True, default=encoder_change_id, editable=False
    )
    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="encoder_changes")
    source = models.ForeignKey(EncoderRecord, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(EncoderRecord, on_delete=models.PROTECT, related_name="+")
    job = models.OneToOneField(
        Job, on_delete=models.SET_NULL, null=True, related_name="encoder_change"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.EMBEDDING)
    comparison = models.JSONField(
        null=True, help_text="What the two encoders make of the gallery and of past queries."
    )
    standby_model = models.BinaryField(
        null=True, help_text="What was fitted with the encoder that stands by."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    switched_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["gallery"],
                condition=models.Q(state__in=["embedding", "ready", "switched"]),
                name="one_open_encoder_change_a_gallery",
            )
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def present(self) -> EncoderRecord:
        """The encoder that the gallery has while the change is open."""
        return self.target if self.state == self.State.SWITCHED else self.source

    @property
    def standby(self) -> EncoderRecord:
        """The other one, whose embeddings are kept beside."""
        return self.source if self.state == self.State.SWITCHED else self.target


OPEN = (
    EncoderChange.State.EMBEDDING,
    EncoderChange.State.READY,
    EncoderChange.State.SWITCHED,
)


class QueryEmbedding(models.Model):
    """A past query's vector by the encoder that stands by, while its gallery changes encoders."""

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="embeddings")
    encoder = models.ForeignKey(EncoderRecord, on_delete=models.PROTECT, related_name="+")
    data = models.BinaryField(help_text="Little-endian float32, L2-normalised.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["query", "encoder"], name="one_embedding_a_query_and_encoder"
            )
        ]

    def __str__(self) -> str:
        return f"embedding of {self.query}"
