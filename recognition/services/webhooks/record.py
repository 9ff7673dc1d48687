"""Events into the outbox: written in the transaction that they belong to, so that none is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from recognition.models import Delivery, Event, Gallery, Webhook
from recognition.selectors.statement import Statement
from recognition.services.queueing import queue_on_commit

_active: Statement[Webhook] = Statement(
    lambda gallery: Webhook.objects.filter(gallery=gallery, active=True).only("events")
)


@transaction.atomic(savepoint=False)
def record_event(gallery: Gallery, event: Event, payload: Mapping[str, Any]) -> int:
    """Have the gallery's webhooks told of an event, unless the transaction fails.

    ``payload`` is JSON. Returns how many webhooks are told.
    """
    told = [hook for hook in _active(gallery.pk) if event in hook.events]
    if not told:
        return 0
    now = timezone.now()
    body = json.dumps(
        {
            "type": str(event),
            "timestamp": now.isoformat(),
            "gallery": gallery.slug,
            "data": payload,
        }
    )
    deliveries = Delivery.objects.bulk_create(
        Delivery(webhook=hook, event=event, body=body, next_attempt_at=now) for hook in told
    )
    for delivery in deliveries:
        queue_on_commit("deliver_webhook", delivery.pk)
    return len(deliveries)
