from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from recognition.models import Delivery
from recognition.services.queueing import queue_on_commit

OVERDUE = timedelta(seconds=30)
"""After which a delivery's message is taken to be lost with its process."""

CHUNK = 500


def redeliver_due() -> int:
    """Queue the deliveries that are due and that no message seems to be on its way for."""
    due = Delivery.objects.filter(
        state=Delivery.State.PENDING, next_attempt_at__lt=timezone.now() - OVERDUE
    )
    found = list(due.order_by("next_attempt_at").values_list("pk", flat=True)[:CHUNK])
    for pk in found:
        queue_on_commit("deliver_webhook", pk)
    return len(found)
