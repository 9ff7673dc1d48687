"""Remove a webhook."""

from __future__ import annotations

from django.db import transaction

from recognition.models import AuditAction, Webhook
from recognition.services.audit.trail import record


@transaction.atomic
def remove_webhook(*, webhook: Webhook) -> None:
    """Send it nothing more, and forget what was sent."""
    record(AuditAction.REMOVE, webhook, gallery=webhook.gallery)
    webhook.delete()
