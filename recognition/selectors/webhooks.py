"""Webhooks and their deliveries."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from recognition.core.errors import WebhookNotFound
from recognition.models import Delivery, Gallery, Webhook


def webhooks_of(gallery: Gallery) -> QuerySet[Webhook]:
    return Webhook.objects.filter(gallery=gallery)


def webhooks_shown(gallery: Gallery) -> QuerySet[Webhook]:
    """List a gallery's webhooks with ``last_state``, what became of the last delivery."""
    last = Delivery.objects.filter(webhook=OuterRef("pk")).order_by("-id").values("state")
    return webhooks_of(gallery).annotate(last_state=Subquery(last[:1]))


def get_webhook(gallery: Gallery, public_id: str) -> Webhook:
    try:
        return webhooks_of(gallery).get(public_id=public_id)
    except Webhook.DoesNotExist:
        raise WebhookNotFound(
            f"The gallery {gallery.slug!r} has no webhook {public_id!r}."
        ) from None


def deliveries_of(webhook: Webhook) -> QuerySet[Delivery]:
    return Delivery.objects.filter(webhook=webhook)
