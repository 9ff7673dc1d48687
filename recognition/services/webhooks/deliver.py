"""A delivery's next attempt."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta

import httpx
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from recognition.core.configuration import recognition_settings
from recognition.core.errors import AddressRefused
from recognition.models import Delivery, Webhook
from recognition.models.sealing import Unreadable
from recognition.services.queueing import queue_on_commit
from recognition.services.webhooks.breaker import is_resting, note_failure, note_success
from recognition.services.webhooks.send import TIMEOUT_SECONDS, send
from recognition.services.webhooks.sign import signed_headers
from recognition.services.webhooks.slots import slot_of

MAX_ATTEMPTS = 10
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=10)
GONE = 410
POSTPONED = timedelta(seconds=5)
"""How long a message waits that finds its gallery's slots taken."""

State = Delivery.State


def deliver(delivery_pk: int) -> timedelta | None:
    """Send a delivery that is due. Returns how long to wait for the next attempt, or None where
    there is none: it was delivered, given up, or is not due.

    It is given up after 10 attempts, 5 seconds to 10 hours apart, about 27 hours in all.
    """
    now = timezone.now()
    waiting = Delivery.objects.filter(pk=delivery_pk, state=State.PENDING, next_attempt_at__lte=now)
    hook = Webhook.objects.filter(deliveries__in=waiting).first()
    if hook is None:
        return None
    if is_resting(hook, now):
        waiting.update(next_attempt_at=hook.resting_until)
        return None
    with slot_of(hook.gallery_id) as free:
        if not free:
            # Whoever holds a slot sends the next when done; else the sweep finds it.
            waiting.update(next_attempt_at=now + POSTPONED)
            return None
        wait = _send_due(delivery_pk, now)
    _queue_next(hook.gallery_id)
    return wait


def _send_due(delivery_pk: int, now: datetime) -> timedelta | None:
    # Whoever moves the due time on is the one to send; should it die, the sweep finds it again.
    due = Delivery.objects.filter(pk=delivery_pk, state=State.PENDING, next_attempt_at__lte=now)
    moved_on = now + timedelta(seconds=2 * TIMEOUT_SECONDS)
    if not due.update(next_attempt_at=moved_on, attempts=F("attempts") + 1):
        return None
    delivery = Delivery.objects.select_related("webhook").filter(pk=delivery_pk).first()
    return _attempt(delivery) if delivery else None


def _queue_next(gallery: int) -> None:
    """Have the next message of a gallery sent that found no free slot."""
    soon = timezone.now() + POSTPONED
    waiting = Delivery.objects.filter(
        webhook__gallery=gallery, state=State.PENDING, attempts=0, next_attempt_at__lte=soon
    )
    first = waiting.order_by("next_attempt_at", "pk").values_list("pk", flat=True).first()
    if first is not None:
        Delivery.objects.filter(pk=first, state=State.PENDING, attempts=0).update(
            next_attempt_at=timezone.now()
        )
        queue_on_commit("deliver_webhook", first)


def _attempt(delivery: Delivery) -> timedelta | None:
    hook = delivery.webhook
    if not hook.active:
        delivery.error = "The webhook has been switched off."
        return _settle(delivery, hook)
    body = delivery.body.encode()
    delivery.response_status, delivery.error = None, ""
    try:
        delivery.response_status = send(
            hook.url,
            body=body,
            headers=signed_headers(
                secret=hook.secret,
                message=delivery.public_id,
                timestamp=int(time.time()),
                body=body,
            ),
            allow_private=recognition_settings().webhook_allow_private,
        )
    except AddressRefused as error:
        delivery.error = error.detail
    except Unreadable as error:
        delivery.error = f"Its signing secret cannot be read. {error} Make the webhook anew."
    except TimeoutError:
        delivery.error = f"No answer within {TIMEOUT_SECONDS:g} seconds."
    except (httpx.HTTPError, OSError, ValueError) as error:
        delivery.error = f"{type(error).__name__}: {error}"
    return _settle(delivery, hook)


@transaction.atomic
def _settle(delivery: Delivery, hook: Webhook) -> timedelta | None:
    status = delivery.response_status
    wait: timedelta | None = None
    rest: datetime | None = None
    if status is not None and 200 <= status < 300:
        delivery.state = State.DELIVERED
        delivery.delivered_at = timezone.now()
        note_success(hook)
    elif not hook.active or status == GONE or delivery.attempts >= MAX_ATTEMPTS:
        delivery.state = State.FAILED
    else:
        wait = wait_after(delivery.attempts)
    if delivery.state != State.DELIVERED and hook.active:
        rest = note_failure(hook)
    if rest and wait:
        wait = max(wait, rest - timezone.now())
    if status == GONE:
        # By the specification: the receiver wants no more of them.
        Webhook.objects.filter(pk=hook.pk).update(active=False)
    delivery.next_attempt_at = timezone.now() + wait if wait else None
    delivery.save(
        update_fields=["state", "response_status", "error", "next_attempt_at", "delivered_at"]
    )
    return wait


def wait_after(attempts: int) -> timedelta:
    """Return the wait of an exponential back-off, with up to a tenth of jitter so that a crowd
    spreads out.
    """
    jitter = 1 + random.random() / 10  # noqa: S311 - spreading, not secrecy
    wait: timedelta = min(FIRST_WAIT * 4 ** (attempts - 1), LONGEST_WAIT)
    return wait * jitter
