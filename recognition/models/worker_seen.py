from __future__ import annotations

from django.db import models


class WorkerSeen(models.Model):
    """When a worker of a machine last did what the clock asked for."""

    name = models.CharField(max_length=100, unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "worker seen"
        verbose_name_plural = "workers seen"

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
