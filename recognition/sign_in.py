"""Passwords are not guessed: tries are counted before a password is looked at."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request

from recognition.api.throttles import AddressThrottle
from recognition.core.networks import network_of
from recognition.middleware import note_seen
from recognition.services.accounts.sign_ins import (
    begin_sign_in,
    end_sign_in,
    note_failure,
    note_lock,
    note_sign_out,
)

TOO_OFTEN = "tried_too_often"
"""What the form finds on a request that was refused unseen."""

TOLD_SECONDS = 600
"""How seldom the audit trail tells of the same lock."""


class SignInLimits:
    """An authentication backend that signs nobody in. Asked first, for the dashboard and the
    console alike, it ends what is tried too often before a password is looked at."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, **_: Any
    ) -> None:
        if request is None or username is None:
            return
        address = address_of(request)
        if begin_sign_in(name=username, address=address) is not None:
            return
        setattr(request, TOO_OFTEN, True)
        if cache.add(f"locked_{hash(username)}_{network_of(address)}", 1, TOLD_SECONDS):
            note_lock(name=username, address=address)
        raise PermissionDenied


def address_of(request: HttpRequest) -> str:
    """Whom a request comes from, proxies of ours believed."""
    return AddressThrottle().get_ident(cast(Request, request)) or ""


def signed_in(sender: object, request: HttpRequest, user: User, **_: object) -> None:
    end_sign_in(user=user, address=address_of(request))
    note_seen(request)


def signed_out(sender: object, user: User | None, **_: object) -> None:
    if user is not None:
        note_sign_out(user=user)


def failed(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None, **_: object
) -> None:
    if request is not None and not hasattr(request, TOO_OFTEN):
        note_failure(name=str(credentials.get("username", "")), address=address_of(request))
