from __future__ import annotations

from django.conf import settings
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


class GivenPassword(models.Model):
    """A password that somebody else made for a user, who has to choose another one."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="given_password"
    )
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"that of {self.user}"
