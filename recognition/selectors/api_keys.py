from __future__ import annotations

from typing import cast

from recognition.errors import InvalidKey
from recognition.models import ApiKey


def key_for(secret: str) -> ApiKey:
    """The live key with that secret. Raises InvalidKey for one unknown, expired or revoked."""
    refused = InvalidKey("This API key is unknown, expired or revoked.")
    try:
        key = cast(ApiKey, ApiKey.objects.get_from_key(secret))
    except ApiKey.DoesNotExist:
        raise refused from None
    if key.has_expired or not key.user.is_active:
        raise refused
    return key
