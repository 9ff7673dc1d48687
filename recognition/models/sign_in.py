from __future__ import annotations

from django.conf import settings
from django.db import models

from recognition.models.gallery import Gallery, Role


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


class Invitation(models.Model):
    """A link by which one person joins a gallery, once, before it expires.

    The link's secret is kept as a hash, and shown once.
    """

    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    email = models.EmailField(blank=True, help_text="Where the link was sent; empty if by hand.")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations_made"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="invitations"
    )
    made_account = models.BooleanField(
        default=False, help_text="Whoever used it made their account by it."
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"to {self.gallery}, as {self.role}"
