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

MAX_WAITING = 10_000
"""Messages that a receiver which does not answer leaves waiting."""

_active: Statement[Webhook] = Statement(
    lambda gallery: Webhook.objects.filter(gallery=gallery, active=True).only(
        "events", "resting_until"
    )
)


@transaction.atomic(savepoint=False)
def record_event(gallery: Gallery, event: Event, payload: Mapping[str, Any]) -> int:
    """Have the gallery's webhooks told of an event, unless the transaction fails.

    ``payload`` is JSON. Returns how many webhooks are told.
    """
    subscribed = [hook for hook in _active(gallery.pk) if event in hook.events]
    if not subscribed:
        return 0
    body = json.dumps(
        {
            "type": str(event),
            "timestamp": timezone.now().isoformat(),
            "gallery": gallery.slug,
            "data": payload,
        }
    )
    deliveries = Delivery.objects.bulk_create(
        _refused(hook, event) if _is_full(hook) else _waiting(hook, event, body)
        for hook in subscribed
    )
    for delivery in deliveries:
        if delivery.state == Delivery.State.PENDING:
            queue_on_commit("deliver_webhook", delivery.pk)
    return len(deliveries)


def _waiting(hook: Webhook, event: Event, body: str) -> Delivery:
    return Delivery(webhook=hook, event=event, body=body, next_attempt_at=timezone.now())


def _refused(hook: Webhook, event: Event) -> Delivery:
    """The log says what was not sent, without keeping what it said."""
    return Delivery(
        webhook=hook,
        event=event,
        body="",
        state=Delivery.State.FAILED,
        error=f"{MAX_WAITING} messages wait for this receiver already.",
    )


def _is_full(hook: Webhook) -> bool:
    if hook.resting_until is None:
        return False
    waiting = Delivery.objects.filter(webhook=hook, state=Delivery.State.PENDING)
    return waiting.order_by()[MAX_WAITING - 1 : MAX_WAITING].exists()
