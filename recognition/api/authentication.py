"""``Authorization: Bearer <key>`` for programs."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from recognition.core.errors import InvalidKey
from recognition.models import ApiKey
from recognition.selectors.api_keys import key_for
from recognition.services.api_keys.note_key_use import note_key_use

SCHEME = "Bearer"


def caller_of(secret: str) -> tuple[User, ApiKey]:
    """Return the user that a key acts as, and the key, whose use is noted.

    Raises AuthenticationFailed.
    """
    try:
        key = key_for(secret.strip())
    except InvalidKey as error:
        raise AuthenticationFailed(error.detail, code=error.code) from None
    note_key_use(key)
    return key.user, key


class BearerKey(BaseAuthentication):
    """A program acts as the user of its key."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        return caller_of(secret)

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="oneshot"'


class BearerKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How keys are written down in the schema."""

    target_class = "recognition.api.authentication.BearerKey"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key."}
