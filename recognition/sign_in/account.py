"""Adapt django-allauth to this service: names, addresses, limits."""

from __future__ import annotations

import logging
from ipaddress import ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse

from recognition.middleware import is_proved
from recognition.selectors.accounts import username_of
from recognition.services.accounts.sign_ins import take_back_try
from recognition.sign_in.limits import TOO_OFTEN, address_of

logger = logging.getLogger(__name__)

QUIET = frozenset({"account/messages/logged_in.txt", "account/messages/logged_out.txt"})
"""Messages that tell people what they see anyway."""

NOWHERE = "::"
"""Whence somebody comes who has no address, as through a socket of the machine itself."""


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is by invitation; tries are counted in one place, ``SignInLimits``."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "Wrong user name or password.",
        "email_password_mismatch": "Wrong user name or password.",
        "too_many_login_attempts": "Too many attempts. Try again in ten minutes, or ask your "
        "operator.",
        "incorrect_password": "Wrong password.",
        "enter_current_password": "This is not your present password.",
        "incorrect_code": "Wrong code.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        try:
            return str(ip_address(address_of(request).strip().partition("%")[0]))
        except ValueError:
            return NOWHERE

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Have whoever gives an e-mail address counted by their name."""
        name = username_of(str(credentials.get("username") or credentials.get("email") or ""))
        user: AbstractBaseUser | None = super().authenticate(
            request, username=name, password=credentials.get("password")
        )
        if user is None and hasattr(request, TOO_OFTEN):
            raise self.validation_error("too_many_login_attempts")
        return user

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A sign-in just now, by whichever way, is proof enough."""
        return not is_proved(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has neither password nor second factor signs in again by the provider."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if methods or not user.is_authenticated:
            return methods
        if settings.SOCIALACCOUNT_PROVIDERS and SocialAccount.objects.filter(user=user).exists():
            url = reverse("openid_connect_login", args=["sso"])
            return [{"id": "provider", "description": "Sign in again", "url": url}]
        return methods

    def get_login_stages(self) -> list[str]:
        return [each for each in super().get_login_stages() if "allauth.mfa" in each]

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        is_right = bool(super().reauthenticate(user, password))
        if is_right:
            take_back_try(name=user.get_username(), address=address_of(self.request))
        return is_right

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a message, or say in the log why not: what it tells of has happened."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            logger.exception("a message of %s was not sent", template_prefix)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if message_template not in QUIET:
            super().add_message(request, level, message_template, *args, **kwargs)
