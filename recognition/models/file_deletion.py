from __future__ import annotations

from django.db import models
from django.utils import timezone


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
