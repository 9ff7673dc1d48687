from __future__ import annotations

from django.db import models
from django.utils import timezone

from recognition.models.gallery import Gallery


class Erasure(models.Model):
    """A removed category whose names are yet to leave what was kept of it. The row goes with the
    last of them."""

    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="erasures")
    slug = models.CharField(max_length=100)
    texts = models.JSONField(help_text="Its name, external id and prompts.")
    at = models.DateTimeField(auto_now_add=True)
    position = models.BigIntegerField(default=0, help_text="The last query that was looked at.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"erasure {self.pk}"


class FileDeletion(models.Model):
    """A file that must go, written in the transaction that removed its owner.

    It stays until the file is gone, so that a crash between the two leaves nothing behind. One
    that is due later stands for a file whose owner is still to be written.
    """

    path = models.CharField(max_length=300)
    due_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.path
