"""Ask again who somebody is before what matters most (OWASP ASVS 5.0, 7.5.1)."""

from __future__ import annotations

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest

from recognition.middleware import is_proved


def require_proof(request: HttpRequest) -> None:
    """Have whoever signed in long ago show again who they are, then go on with what they asked.

    Raises ReauthenticationRequired, which allauth's middleware answers.
    """
    if not is_proved(request):
        raise ReauthenticationRequired
