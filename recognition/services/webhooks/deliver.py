"""A delivery's next attempt."""

from __future__ import annotations

import random
import time
from datetime import timedelta

import httpx
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from recognition.conf import recognition_settings
from recognition.errors import AddressRefused
from recognition.models import Delivery, Webhook
from recognition.models.sealing import Unreadable
from recognition.services.webhooks.send import TIMEOUT_SECONDS, send
from recognition.services.webhooks.sign import signed_headers

MAX_ATTEMPTS = 10
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=10)
GONE = 410

State = Delivery.State


def deliver(delivery_pk: int) -> timedelta | None:
    """Send a delivery that is due. Returns how long to wait for the next attempt, or None where
    there is none: it was delivered, given up, or is not due.

    It is given up after 10 attempts, 5 seconds to 10 hours apart, about 27 hours in all.
    """
    now = timezone.now()
    # Whoever moves the due time on is the one to send; should it die, the sweep finds it again.
    due = Delivery.objects.filter(pk=delivery_pk, state=State.PENDING, next_attempt_at__lte=now)
    moved_on = now + timedelta(seconds=2 * TIMEOUT_SECONDS)
    if not due.update(next_attempt_at=moved_on, attempts=F("attempts") + 1):
        return None
    delivery = Delivery.objects.select_related("webhook").filter(pk=delivery_pk).first()
    return _attempt(delivery) if delivery else None


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
    if status is not None and 200 <= status < 300:
        delivery.state = State.DELIVERED
        delivery.delivered_at = timezone.now()
    elif not hook.active or status == GONE or delivery.attempts >= MAX_ATTEMPTS:
        delivery.state = State.FAILED
    else:
        wait = wait_after(delivery.attempts)
    if status == GONE:
        # By the specification: the receiver wants no more of them.
        Webhook.objects.filter(pk=hook.pk).update(active=False)
    delivery.next_attempt_at = timezone.now() + wait if wait else None
    delivery.save(
        update_fields=["state", "response_status", "error", "next_attempt_at", "delivered_at"]
    )
    return wait


def wait_after(attempts: int) -> timedelta:
    """Exponential back-off, with up to a tenth of jitter so that a crowd spreads out."""
    jitter = 1 + random.random() / 10  # noqa: S311 - spreading, not secrecy
    wait: timedelta = min(FIRST_WAIT * 4 ** (attempts - 1), LONGEST_WAIT)
    return wait * jitter
