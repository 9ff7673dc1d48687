"""Passwords and codes are not guessed: tries are counted before one is looked at."""

from __future__ import annotations

from typing import Any, cast

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request

from recognition.api.throttles import AddressThrottle
from recognition.core.networks import network_of
from recognition.models import SignIn
from recognition.services.accounts.sign_ins import begin_sign_in, note_lock

TOO_OFTEN = "tried_too_often"
"""What the form finds on a request that was refused unseen."""

TOLD_SECONDS = 600
"""How seldom the audit trail tells of the same lock."""


class SignInLimits:
    """An authentication backend that signs nobody in. Asked first, for every page that takes a
    password, it ends what is tried too often before a password is looked at."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, **_: Any
    ) -> None:
        if request is None or username is None:
            return
        if begin_try(request, username) is None:
            raise PermissionDenied


def begin_try(request: HttpRequest, name: str) -> SignIn | None:
    """Count a try of a name, by password or by code, before it is looked at; None where there were
    too many, which the request then says."""
    address = address_of(request)
    if (row := begin_sign_in(name=name, address=address)) is not None:
        return row
    setattr(request, TOO_OFTEN, True)
    if cache.add(f"locked_{hash(name)}_{network_of(address)}", 1, TOLD_SECONDS):
        note_lock(name=name, address=address)
    return None


def address_of(request: HttpRequest) -> str:
    """Whom a request comes from, proxies of ours believed."""
    return AddressThrottle().get_ident(cast(Request, request)) or ""
