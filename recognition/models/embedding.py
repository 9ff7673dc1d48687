from __future__ import annotations

from django.db import models

from recognition.core.types import EvidenceKind, Vector
from recognition.core.vectors import pack, unpack
from recognition.models.category import Category
from recognition.models.encoder import EncoderRecord
from recognition.models.gallery import Gallery
from recognition.models.prompt import Prompt
from recognition.models.reference import Reference


class Embedding(models.Model):
    """The vector of one reference or prompt, made by one encoder. Its id is the index's id."""

    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="embeddings")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="embeddings")
    encoder = models.ForeignKey(EncoderRecord, on_delete=models.PROTECT, related_name="embeddings")
    reference = models.ForeignKey(
        Reference, on_delete=models.CASCADE, null=True, blank=True, related_name="embeddings"
    )
    prompt = models.ForeignKey(
        Prompt, on_delete=models.CASCADE, null=True, blank=True, related_name="embeddings"
    )
    generation = models.PositiveBigIntegerField()
    data = models.BinaryField(help_text="Little-endian float32, L2-normalised.")

    class Meta:
        indexes = [models.Index(fields=["gallery", "encoder", "id"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reference__isnull=True) ^ models.Q(prompt__isnull=True),
                name="of_a_reference_or_a_prompt",
            ),
            models.UniqueConstraint(
                fields=["reference", "encoder"], name="one_embedding_a_reference_and_encoder"
            ),
            models.UniqueConstraint(
                fields=["prompt", "encoder"], name="one_embedding_a_prompt_and_encoder"
            ),
        ]

    def __str__(self) -> str:
        return f"embedding {self.pk}"

    @property
    def kind(self) -> EvidenceKind:
        return EvidenceKind.PROMPT if self.reference_id is None else EvidenceKind.REFERENCE

    @property
    def vector(self) -> Vector:
        return unpack(self.data)

    @staticmethod
    def pack(vector: Vector) -> bytes:
        return pack(vector)


class HeldEmbedding(models.Model):
    """The vector of a reference that waits for approval, kept apart from all that is searched."""

    reference = models.OneToOneField(Reference, on_delete=models.CASCADE, related_name="held")
    encoder = models.ForeignKey(EncoderRecord, on_delete=models.PROTECT, related_name="+")
    data = models.BinaryField(help_text="Little-endian float32, L2-normalised.")

    def __str__(self) -> str:
        return f"held embedding of {self.reference}"


class Change(models.Model):
    """One step of a gallery's support set, in commit order.

    The embedding is a number rather than a foreign key, since a removal outlives what it removed.
    A switch is where the gallery got another encoder: what the log says before it is of another
    encoder's embeddings, and its own embedding is 0.
    """

    class Action(models.TextChoices):
        ADD = "add"
        REMOVE = "remove"
        SWITCH = "switch"

    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="changes")
    generation = models.PositiveBigIntegerField()
    token = models.PositiveBigIntegerField(
        help_text="Drawn at random: tells this history from that of a restored database."
    )
    action = models.CharField(max_length=6, choices=Action.choices)
    embedding = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["gallery", "generation"]
        constraints = [
            models.UniqueConstraint(
                fields=["gallery", "generation"], name="one_change_a_generation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.generation}: {self.action} {self.embedding}"
