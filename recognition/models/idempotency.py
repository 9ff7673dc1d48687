from __future__ import annotations

from django.conf import settings
from django.db import models


class IdempotentRequest(models.Model):
    """A request that its caller may send again, and the answer it had.

    Follows the IETF draft "The Idempotency-Key HTTP Header Field".
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="idempotent_requests"
    )
    # A digest: of whose it is, a session or an API key of the user's, and of what was sent.
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was asked.")
    status = models.PositiveSmallIntegerField(null=True, help_text="Null while it runs.")
    answer = models.JSONField(null=True)
    location = models.CharField(max_length=500, blank=True, help_text="The header, if any.")
    started_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["started_at"])]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_request_an_idempotency_key")
        ]

    def __str__(self) -> str:
        return self.key
