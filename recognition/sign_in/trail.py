"""What is told of every sign-in: the audit trail, and when somebody last proved who they are."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest

from recognition.middleware import note_seen
from recognition.services.accounts.passwords import is_password_given, note_password_change
from recognition.services.accounts.sign_ins import end_sign_in, note_failure, note_sign_out
from recognition.sign_in.given_password import GIVEN
from recognition.sign_in.limits import TOO_OFTEN, address_of

PROVED = "proved_at"
"""When whoever has this session last showed a password, a code or a key."""


def signed_in(sender: object, request: HttpRequest, user: User, **_: object) -> None:
    end_sign_in(user=user, address=address_of(request))
    note_seen(request)
    note_proof(request)
    if is_password_given(user):
        request.session[GIVEN] = True


def signed_out(sender: object, user: User | None, **_: object) -> None:
    if user is not None:
        note_sign_out(user=user)


def failed(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None, **_: object
) -> None:
    if request is not None and not hasattr(request, TOO_OFTEN):
        note_failure(name=str(credentials.get("username", "")), address=address_of(request))


def password_changed(sender: object, request: HttpRequest, user: User, **_: object) -> None:
    note_password_change(user=user)
    request.session.pop(GIVEN, None)


def note_proof(request: HttpRequest) -> None:
    request.session[PROVED] = int(time.time())
