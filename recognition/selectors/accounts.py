"""Whose account is meant."""

from __future__ import annotations

from django.contrib.auth.models import User


def username_of(login: str) -> str:
    """Return the user name of whoever signs in, who may give their e-mail address instead.

    A user name comes before an address. An address that several have is nobody's, so that tries
    are counted for one name. What nobody has is returned as it came.
    """
    if "@" not in login or User.objects.filter(username=login).exists():
        return login
    names = User.objects.filter(email__iexact=login, is_active=True).values_list("username")[:2]
    return str(names[0][0]) if len(names) == 1 else login
