from __future__ import annotations

from recognition.models import Webhook


def remove_webhook(*, webhook: Webhook) -> None:
    """Send it nothing more, and forget what was sent."""
    webhook.delete()
