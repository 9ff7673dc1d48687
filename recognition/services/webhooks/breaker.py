"""A receiver that does not answer is left alone for a while, and costs nobody a wait.

Follows the circuit breaker of Nygard, Release It! (2018): closed, open, and half open while the
first message after a rest is under way.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from recognition.models import Delivery, Webhook

FAILURES = 5
"""In a row, after which a receiver rests."""

FIRST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=1)


def is_resting(hook: Webhook, now: datetime) -> bool:
    return hook.resting_until is not None and hook.resting_until > now


def note_success(hook: Webhook) -> None:
    """Note that a webhook answers: whatever waited for it is due."""
    if not hook.failures:
        return
    Webhook.objects.filter(pk=hook.pk).update(failures=0, resting_until=None)
    waiting = Delivery.objects.filter(webhook=hook, state=Delivery.State.PENDING, attempts=0)
    waiting.update(next_attempt_at=timezone.now())


def note_failure(hook: Webhook) -> datetime | None:
    """Note a failure, and return until when the webhook rests now, if it does; what waits for it
    waits so long.
    """
    Webhook.objects.filter(pk=hook.pk).update(failures=F("failures") + 1)
    failures = Webhook.objects.values_list("failures", flat=True).get(pk=hook.pk)
    if failures < FAILURES:
        return None
    rest = min(FIRST_REST * 2 ** min(failures - FAILURES, 20), LONGEST_REST)
    until: datetime = timezone.now() + rest
    Webhook.objects.filter(pk=hook.pk).update(resting_until=until)
    waiting = Delivery.objects.filter(
        webhook=hook, state=Delivery.State.PENDING, next_attempt_at__lt=until
    )
    waiting.update(next_attempt_at=until)
    return until
