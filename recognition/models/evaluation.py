from __future__ import annotations

from django.db import models

from recognition.models.encoder import EncoderRecord
from recognition.models.gallery import Gallery
from recognition.models.identifiers import evaluation_id
from recognition.models.job import Job


class Evaluation(models.Model):
    """How well a gallery recognises, measured. Its ``job`` says how the work stands.

    ``results`` has the form of ``recognition.evaluation.results.Results`` and is null
    until there are any. ``total`` and ``done`` count what is to be embedded or fitted.
    """

    class Source(models.TextChoices):
        GALLERY = "gallery", "The gallery's own references and judged queries"
        QUERIES = "queries", "A labelled archive, asked of the gallery"
        ALONE = "alone", "A labelled archive by itself"

    public_id = models.CharField(max_length=40, unique=True, default=evaluation_id, editable=False)
    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="evaluations")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="evaluation")
    encoder = models.ForeignKey(EncoderRecord, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.GALLERY)
    target_far = models.FloatField()
    seed = models.PositiveIntegerField(default=0)
    shots = models.PositiveIntegerField(default=1, help_text="Of each class of an archive alone.")
    episodes = models.PositiveIntegerField(default=20, help_text="Of an archive alone.")
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    results = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.public_id


class EvaluatedImage(models.Model):
    """A file of an archive that is evaluated; ``data`` is its embedding once it has one.

    All of them go when the evaluation ends.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="images")
    number = models.PositiveIntegerField()
    position = models.PositiveIntegerField(null=True)
    path = models.CharField(max_length=500)
    label = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=50, blank=True, help_text="Why it was left out.")
    detail = models.TextField(blank=True)
    data = models.BinaryField(null=True, help_text="The embedding: little-endian float32.")

    class Meta:
        ordering = ["evaluation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="one_image_a_number"),
        ]

    def __str__(self) -> str:
        return self.path
