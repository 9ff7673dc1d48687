"""Signatures by which a receiver knows that a message is ours, whole and fresh.

Follows the Standard Webhooks specification 1.0.0: HMAC-SHA256, with the webhook's secret, of
``{webhook-id}.{webhook-timestamp}.{body}``, in the header ``webhook-signature`` as ``v1,`` and
base64.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode

from recognition.models.webhook import SECRET_PREFIX


def signed_headers(*, secret: str, message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers that sign a message; ``timestamp`` is in seconds since 1970; a receiver
    refuses what is too old.
    """
    key = b64decode(secret.removeprefix(SECRET_PREFIX))
    content = f"{message}.{timestamp}.".encode() + body
    signature = b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }
