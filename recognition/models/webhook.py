from __future__ import annotations

import secrets
from base64 import b64encode

from django.conf import settings
from django.db import models

from recognition.models.gallery import Gallery
from recognition.models.identifiers import message_id, webhook_id
from recognition.models.sealing import seal, unseal

SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix that Standard Webhooks gives to secrets
SECRET_BYTES = 32


def webhook_secret() -> str:
    return SECRET_PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sealed_webhook_secret() -> str:
    return seal(webhook_secret())


class Event(models.TextChoices):
    """What a webhook may be told of."""

    MATCH = "match", "A query matched a category"
    UNKNOWN = "unknown", "A query matched nothing"
    VERIFIED = "verification", "A verification was accepted or rejected"
    JOB_FINISHED = "job.finished", "A job ended, well or not"


TEST = "test"
"""The type of a message that an owner sends to see whether messages arrive."""


class Webhook(models.Model):
    """An address that is told of a gallery's events."""

    public_id = models.CharField(max_length=40, unique=True, default=webhook_id, editable=False)
    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=2000)
    events = models.JSONField(default=list)
    # Signing takes the secret itself, so that a hash would not do.
    sealed_secret = models.TextField(default=sealed_webhook_secret, editable=False)
    active = models.BooleanField(default=True)
    failures = models.PositiveIntegerField(default=0, editable=False)
    """In a row."""
    resting_until = models.DateTimeField(null=True, editable=False)
    """It is sent nothing before, since it does not answer."""
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.public_id

    @property
    def secret(self) -> str:
        """What messages are signed with. Raises Unreadable."""
        return unseal(self.sealed_secret)


class Delivery(models.Model):
    """An event on its way to a webhook, written in the transaction that the event belongs to.

    ``body`` is what is sent, byte for byte, however often. ``next_attempt_at`` is when it is due
    again; whoever sends it moves it on first.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"

    public_id = models.CharField(max_length=40, unique=True, default=message_id, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=20, choices=[*Event.choices, (TEST, "A test")])
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    response_status = models.PositiveIntegerField(null=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"]),
            models.Index(fields=["webhook", "state"]),
        ]

    def __str__(self) -> str:
        return self.public_id
