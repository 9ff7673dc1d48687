"""API keys, as their owners and each request look for them."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from recognition.core.errors import ApiKeyNotFound, InvalidKey
from recognition.models import ApiKey, Gallery
from recognition.selectors.statement import Statement

_with_prefix: Statement[ApiKey] = Statement(
    lambda prefix: ApiKey.objects.get_usable_keys().filter(prefix=prefix)
)


def keys_reaching(user: User, gallery: Gallery) -> QuerySet[ApiKey]:
    """List a user's live keys that may be used in a gallery, newest first."""
    return _live(gallery).filter(user=user)


def get_key(user: User, prefix: str) -> ApiKey:
    """Return a live key of the user's. Raises ApiKeyNotFound, also for somebody else's."""
    key = ApiKey.objects.filter(user=user, prefix=prefix, revoked=False).first()
    if key is None:
        raise ApiKeyNotFound(f"You have no key that begins with {prefix!r}.")
    return cast(ApiKey, key)


def door_key(prefix: str, slug: str) -> ApiKey | None:
    """Return the live key that was made for a door of the gallery of that slug, if it is."""
    keys = ApiKey.objects.get_usable_keys().filter(
        prefix=prefix, is_bound=True, galleries__slug=slug, user__is_active=True
    )
    key = keys.first()
    return None if key is None or key.has_expired else key


def keys_of_others(user: User, gallery: Gallery) -> QuerySet[ApiKey]:
    """List the live keys of the gallery's other members."""
    members = gallery.memberships.values("user")
    return _live(gallery).filter(user__in=members).exclude(user=user)


def _live(gallery: Gallery) -> QuerySet[ApiKey]:
    keys: QuerySet[ApiKey] = ApiKey.objects.get_usable_keys()
    reaching = keys.filter(Q(galleries=gallery) | Q(is_bound=False))
    return reaching.order_by("-created")


def key_for(secret: str) -> ApiKey:
    """Return the live key with that secret. Raises InvalidKey for one unknown, expired or
    revoked.
    """
    key = _with_prefix.first(secret.partition(".")[0])
    if key is None or not key.is_valid(secret) or key.has_expired or not key.user.is_active:
        raise InvalidKey("This API key is unknown, expired or revoked.")
    return key
