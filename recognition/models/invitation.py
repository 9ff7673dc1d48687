from __future__ import annotations

from django.conf import settings
from django.db import models

from recognition.models.gallery import Gallery, Role


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
