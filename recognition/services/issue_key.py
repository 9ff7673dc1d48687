from __future__ import annotations

from datetime import datetime
from typing import cast

from django.contrib.auth.models import User

from recognition.errors import InvalidInput
from recognition.models import ApiKey

MAX_LENGTH = 50


def issue_key(*, user: User, name: str, expires_at: datetime | None = None) -> tuple[ApiKey, str]:
    """A new API key of ``user`` and its secret, which is shown once and kept only as a hash."""
    name = name.strip()
    if not 0 < len(name) <= MAX_LENGTH:
        raise InvalidInput(f"A key's name has 1 to {MAX_LENGTH} characters.")
    key, secret = ApiKey.objects.create_key(name=name, user=user, expiry_date=expires_at)
    return cast(ApiKey, key), secret
