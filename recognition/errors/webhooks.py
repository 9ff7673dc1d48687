"""An address that is not told of events."""

from __future__ import annotations

from recognition.errors.base import InvalidInput


class InvalidWebhook(InvalidInput):
    """An address that events cannot be sent to, or events that there are none of."""

    code = "invalid_webhook"


class AddressRefused(InvalidWebhook):
    """An address inside this network, which the service does not call for others."""

    code = "webhook_address_refused"
