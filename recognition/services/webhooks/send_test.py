"""Send a test message to a webhook."""

from __future__ import annotations

import json

from django.db import transaction
from django.utils import timezone

from recognition.core.errors import InvalidWebhook
from recognition.models import Delivery, Webhook
from recognition.models.webhook import TEST
from recognition.services.queueing import queue_on_commit


@transaction.atomic
def send_test(*, webhook: Webhook) -> Delivery:
    """Send a message that says nothing, to see whether messages arrive. Raises InvalidWebhook for
    one that is switched off.
    """
    if not webhook.active:
        raise InvalidWebhook("The webhook is switched off; switch it on first.")
    now = timezone.now()
    body = {
        "type": TEST,
        "timestamp": now.isoformat(),
        "gallery": webhook.gallery.slug,
        "data": {},
    }
    delivery = Delivery.objects.create(
        webhook=webhook, event=TEST, body=json.dumps(body), next_attempt_at=now
    )
    queue_on_commit("deliver_webhook", delivery.pk)
    return delivery
