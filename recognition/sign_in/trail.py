"""Note each sign-in in the audit trail, and when somebody last proved who they are."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.http import HttpRequest

from recognition.middleware import note_proof, note_seen
from recognition.services.accounts.passwords import is_password_given, note_password_change
from recognition.services.accounts.second_factors import note_second_factor
from recognition.services.accounts.sign_ins import end_sign_in, note_failure, note_sign_out
from recognition.sign_in.given_password import GIVEN
from recognition.sign_in.limits import TOO_OFTEN, address_of


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


def proved(
    sender: object, request: HttpRequest, reauthenticated: bool = False, **_: object
) -> None:
    if reauthenticated:
        note_proof(request)


def factor_failed(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_: object
) -> None:
    if not hasattr(request, TOO_OFTEN):
        note_failure(
            name=user.get_username(), address=address_of(request), factor=authenticator.type
        )


def factor_added(sender: object, user: User, authenticator: Authenticator, **_: object) -> None:
    note_second_factor(user=user, kind=authenticator.type, change="added")


def factor_removed(sender: object, user: User, authenticator: Authenticator, **_: object) -> None:
    note_second_factor(user=user, kind=authenticator.type, change="removed")


def factor_reset(sender: object, user: User, authenticator: Authenticator, **_: object) -> None:
    note_second_factor(user=user, kind=authenticator.type, change="replaced")
