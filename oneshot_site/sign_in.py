"""Passwords are not guessed: a name, and an address, may be tried so many times a minute."""

from __future__ import annotations

import hashlib
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.views import APIView

from recognition.throttles import AddressThrottle, Throttle

TRIES_OF_A_NAME = "10/min"
TOO_OFTEN = "tried_too_often"
"""What the form finds on a request that was refused unseen."""


class _OfAddress(AddressThrottle):
    name = scope = "sign_in_address"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"throttle_sign_in_address_{self.get_ident(request)}"


class _OfName(Throttle):
    name = scope = "sign_in_name"

    def __init__(self, username: str) -> None:
        self._digest = hashlib.sha256(username.casefold().encode(errors="replace")).hexdigest()
        super().__init__()

    def get_rate(self) -> str:
        return TRIES_OF_A_NAME

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"throttle_sign_in_name_{self._digest}"


class Patience:
    """An authentication backend that signs nobody in. Asked first, for the dashboard and the
    console alike, it ends what is tried too often before a password is looked at."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, **_: Any
    ) -> None:
        if request is None or username is None:
            return
        counted, view = cast(Request, request), APIView()
        throttles = (_OfAddress(), _OfName(username))
        if not all(throttle.allow_request(counted, view) for throttle in throttles):
            setattr(request, TOO_OFTEN, True)
            raise PermissionDenied
