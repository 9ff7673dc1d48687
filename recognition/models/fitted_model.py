from __future__ import annotations

from django.db import models

from recognition.models.encoder import EncoderRecord
from recognition.models.gallery import Gallery


class FittedModel(models.Model):
    """What was last learnt from a gallery of what chance looks like in it, for all processes."""

    gallery = models.OneToOneField(Gallery, on_delete=models.CASCADE, related_name="fitted_model")
    encoder = models.ForeignKey(EncoderRecord, on_delete=models.CASCADE, related_name="+")
    generation = models.PositiveBigIntegerField()
    feedback_generation = models.PositiveBigIntegerField()
    data = models.BinaryField()
    fitted_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.gallery} at generation {self.generation}"
