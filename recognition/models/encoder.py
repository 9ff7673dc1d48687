from __future__ import annotations

from django.db import models

from recognition.core.types import Domain, EncoderSpec


class EncoderRecord(models.Model):
    """An encoder that this installation has used, known for ever by its fingerprint."""

    name = models.CharField(max_length=300)
    fingerprint = models.CharField(max_length=64, unique=True)
    dimension = models.PositiveIntegerField()
    input_size = models.PositiveIntegerField()
    logit_scale = models.FloatField()
    domain = models.CharField(
        max_length=20,
        choices=[(domain.value, domain.value) for domain in Domain],
        default=Domain.GENERAL.value,
        help_text="What it was made to see, which is what its galleries recognise.",
    )
    reads_texts = models.BooleanField(default=True, help_text="It embeds descriptions, too.")
    is_default = models.BooleanField(default=False, help_text="Given to new galleries.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "encoder"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="one_default_encoder",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.fingerprint[:12]})"

    @property
    def spec(self) -> EncoderSpec:
        return EncoderSpec(
            name=self.name,
            fingerprint=self.fingerprint,
            dimension=self.dimension,
            input_size=self.input_size,
            logit_scale=self.logit_scale,
            domain=Domain(self.domain),
            reads_texts=self.reads_texts,
        )
