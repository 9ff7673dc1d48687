from __future__ import annotations

from django.db import models


class SignIn(models.Model):
    """A try to sign in: of which name, from which network, and whether it went well.

    ``name`` is a keyed digest, since people type passwords into the wrong field.
    """

    name = models.CharField(max_length=64)
    network = models.CharField(max_length=64)
    succeeded = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "sign-in"
        indexes = [
            models.Index(fields=["name", "network", "at"]),
            models.Index(fields=["network", "at"]),
            models.Index(fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.network} at {self.at}"
