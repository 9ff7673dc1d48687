from __future__ import annotations

from django.conf import settings
from django.db import models

from recognition.models.category import Category
from recognition.models.query import Query
from recognition.models.reference import Reference


class Feedback(models.Model):
    """What a person said of an answer; a later word replaces an earlier one."""

    class Verdict(models.TextChoices):
        RIGHT = "right", "Right"
        IT_IS = "it_is", "It is …"
        NOT_THIS = "not_this", "Not this"
        UNKNOWN = "unknown", "Unknown"

    query = models.OneToOneField(Query, on_delete=models.CASCADE, related_name="feedback")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    category = models.ForeignKey(
        Category,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="feedback",
        help_text="What it is (right, it is …) or what it is not (not this).",
    )
    reference = models.ForeignKey(
        Reference,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The reference that the query was promoted to.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "feedback"

    def __str__(self) -> str:
        return f"{self.query}: {self.verdict}"
