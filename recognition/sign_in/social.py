"""Signing in by an identity provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse

from recognition.services.joining.follow_groups import follow_groups

MAX_GROUPS = 1000


class SocialAdapter(DefaultSocialAccountAdapter):
    """Whoever the provider lets in has an account, made at their first sign-in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse an address that somebody here has: it might be another person's account."""
        if sociallogin.is_existing:
            return
        email = sociallogin.user.email
        if email and User.objects.filter(email__iexact=email).exists():
            page = render(request, "socialaccount/taken.html", {"email": email}, status=409)
            raise ImmediateHttpResponse(page)

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: object) -> str:
        return reverse("own_account")


def groups_in(sociallogin: SocialLogin) -> set[str]:
    """Read the groups of whoever signs in from the claim that the operator named, such as
    ``groups`` or ``realm_access.roles``; both the user's information and the token may have it.
    """
    data = sociallogin.account.extra_data
    found: set[str] = set()
    for part in (data.get("userinfo"), data.get("id_token")):
        value: Any = part
        for name in settings.OIDC_GROUPS_CLAIM.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        each = [value] if isinstance(value, str) else value
        if isinstance(each, list):
            found |= {group for group in each[:MAX_GROUPS] if isinstance(group, str)}
    return found


def signed_in_by_provider(
    sender: object, user: User, sociallogin: SocialLogin | None = None, **_: object
) -> None:
    if sociallogin is not None and settings.OIDC_GROUPS:
        follow_groups(user=user, groups=groups_in(sociallogin), rights=settings.OIDC_GROUPS)
