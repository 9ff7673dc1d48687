"""Queue deliveries again whose message was lost."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from recognition.models import Delivery
from recognition.services.queueing import queue_on_commit

OVERDUE = timedelta(seconds=30)
"""After which a delivery's message is taken to be lost with its process."""

CHUNK = 500
OF_A_GALLERY = 50
"""However many of one gallery are due, the others' are queued with them."""

GIVEN_UP = timedelta(days=3)
"""After which a message is given up that was never due again, since its receiver rests."""

TOO_LATE = "It could not be sent within three days: the receiver does not answer."


def redeliver_due() -> int:
    """Queue the deliveries that are due and that no message seems to be on its way for."""
    now = timezone.now()
    Delivery.objects.filter(state=Delivery.State.PENDING, created_at__lt=now - GIVEN_UP).update(
        state=Delivery.State.FAILED, next_attempt_at=None, error=TOO_LATE
    )
    due = Delivery.objects.filter(
        state=Delivery.State.PENDING, next_attempt_at__lt=now - OVERDUE
    ).annotate(
        place=Window(RowNumber(), partition_by="webhook__gallery", order_by="next_attempt_at")
    )
    of_each = due.filter(place__lte=OF_A_GALLERY).order_by("place", "next_attempt_at")
    found = list(of_each.values_list("pk", flat=True)[:CHUNK])
    for pk in found:
        queue_on_commit("deliver_webhook", pk)
    return len(found)
