"""What matters most asks again who it is that asks (OWASP ASVS 5.0, 7.5.1)."""

from __future__ import annotations

import time

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest

PROVED = "proved_at"
"""When whoever has this session last showed a password, a code or a key."""


def note_proof(request: HttpRequest) -> None:
    """Keep that somebody has just shown who they are."""
    request.session[PROVED] = int(time.time())


def is_proved(request: HttpRequest) -> bool:
    """Say whether somebody has shown who they are lately enough."""
    since = time.time() - request.session.get(PROVED, 0)
    return bool(since < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def require_proof(request: HttpRequest) -> None:
    """Have whoever signed in long ago show again who they are, then go on with what they asked.

    Raises ReauthenticationRequired, which allauth's middleware answers.
    """
    if not is_proved(request):
        raise ReauthenticationRequired
