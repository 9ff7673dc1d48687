"""Change a webhook."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from recognition.core.configuration import recognition_settings
from recognition.models import AuditAction, Webhook
from recognition.services.audit.trail import record
from recognition.services.webhooks.addresses import checked_url
from recognition.services.webhooks.create_webhook import checked_events


def update_webhook(
    *,
    webhook: Webhook,
    url: str | None = None,
    events: Collection[str] | None = None,
    active: bool | None = None,
) -> Webhook:
    """Change a webhook; None leaves as it is. Raises InvalidWebhook, AddressRefused."""
    changed = []
    if url is not None:
        webhook.url = checked_url(url, allow_private=recognition_settings().webhook_allow_private)
        changed.append("url")
    if events is not None:
        webhook.events = checked_events(events)
        changed.append("events")
    if active is not None:
        webhook.active = active
        changed.append("active")
    with transaction.atomic():
        if changed:
            webhook.save(update_fields=changed)
        record(
            AuditAction.CHANGE,
            webhook,
            gallery=webhook.gallery,
            events=webhook.events,
            active=webhook.active,
        )
    return webhook
