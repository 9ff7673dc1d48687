"""Create a webhook."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction

from recognition.core.configuration import recognition_settings
from recognition.core.errors import InvalidWebhook
from recognition.models import AuditAction, Event, Gallery, Webhook
from recognition.services.audit.trail import record
from recognition.services.webhooks.addresses import checked_url

MAX_WEBHOOKS = 20


def create_webhook(
    *, gallery: Gallery, url: str, events: Collection[str], user: User | None = None
) -> Webhook:
    """Create an address that is told of events from now on. Its ``secret`` is to be shown this
    once.

    Raises InvalidWebhook, AddressRefused.
    """
    if Webhook.objects.filter(gallery=gallery).count() >= MAX_WEBHOOKS:
        raise InvalidWebhook(f"A gallery has at most {MAX_WEBHOOKS} webhooks.")
    webhook = Webhook(
        gallery=gallery,
        url=checked_url(url, allow_private=recognition_settings().webhook_allow_private),
        events=checked_events(events),
        created_by=user,
    )
    with transaction.atomic():
        webhook.save()
        record(AuditAction.CREATE, webhook, gallery=gallery, user=user, events=webhook.events)
    return webhook


def checked_events(events: Collection[str]) -> list[str]:
    """Return each event once, in order of name. Raises InvalidWebhook."""
    if unknown := sorted(set(events) - set(Event.values)):
        raise InvalidWebhook(
            f"There is no event {', '.join(unknown)}; there are {', '.join(Event.values)}."
        )
    if not events:
        raise InvalidWebhook("Say which events are to be sent.")
    return sorted(set(events))
