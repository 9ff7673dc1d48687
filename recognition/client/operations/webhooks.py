"""Calls on webhooks and their deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from recognition.client.answers import Page
from recognition.client.operation import Operation, given, nothing, one, page, path
from recognition.client.ordering import ByMaking
from recognition.client.webhooks import Delivery, NewWebhook, Webhook

Event = Literal["match", "unknown", "verification", "job.finished"]
DeliveryState = Literal["pending", "delivered", "failed"]


def list_webhooks(
    gallery: str,
    *,
    active: bool | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    ordering: ByMaking | None = None,
    page_size: int | None = None,
) -> Operation[Page[Webhook]]:
    """The addresses that are told of a gallery's events, oldest first; takes an owner."""
    return Operation(
        method="GET",
        path=path("galleries", gallery, "webhooks"),
        params=given(
            active=active,
            created_after=created_after,
            created_before=created_before,
            ordering=ordering,
            page_size=page_size,
        ),
        parse=page(Webhook),
    )


def create_webhook(gallery: str, url: str, events: Sequence[Event]) -> Operation[NewWebhook]:
    """Have an address told of events. The answer alone has the secret that messages are signed
    with.
    """
    return Operation(
        method="POST",
        path=path("galleries", gallery, "webhooks"),
        json={"url": url, "events": list(events)},
        parse=one(NewWebhook),
        creates=True,
    )


def get_webhook(gallery: str, webhook: str) -> Operation[Webhook]:
    """The webhook of this id."""
    return Operation(
        method="GET", path=path("galleries", gallery, "webhooks", webhook), parse=one(Webhook)
    )


def update_webhook(
    gallery: str,
    webhook: str,
    *,
    url: str | None = None,
    events: Sequence[Event] | None = None,
    active: bool | None = None,
) -> Operation[Webhook]:
    """Change what is given and leave the rest; ``active`` switches it on and off."""
    return Operation(
        method="PATCH",
        path=path("galleries", gallery, "webhooks", webhook),
        json=given(url=url, events=None if events is None else list(events), active=active),
        parse=one(Webhook),
    )


def delete_webhook(gallery: str, webhook: str) -> Operation[None]:
    """Send it nothing more, and forget what was sent."""
    return Operation(
        method="DELETE", path=path("galleries", gallery, "webhooks", webhook), parse=nothing
    )


def test_webhook(gallery: str, webhook: str) -> Operation[Delivery]:
    """Send a message that says nothing; ``list_deliveries`` tells whether it arrived."""
    return Operation(
        method="POST",
        path=path("galleries", gallery, "webhooks", webhook, "test"),
        parse=one(Delivery),
        creates=True,
    )


def list_deliveries(
    gallery: str,
    webhook: str,
    *,
    event: Event | Literal["test"] | None = None,
    state: DeliveryState | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    ordering: ByMaking | None = None,
    page_size: int | None = None,
) -> Operation[Page[Delivery]]:
    """What was sent to a webhook and what is still to be sent, newest first."""
    return Operation(
        method="GET",
        path=path("galleries", gallery, "webhooks", webhook, "deliveries"),
        params=given(
            event=event,
            state=state,
            created_after=created_after,
            created_before=created_before,
            ordering=ordering,
            page_size=page_size,
        ),
        parse=page(Delivery),
    )
