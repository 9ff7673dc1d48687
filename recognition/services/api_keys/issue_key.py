"""Issue an API key."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import cast

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from recognition.core.errors import InvalidInput
from recognition.models import ApiKey, AuditAction, Gallery, Scope
from recognition.services.audit.trail import record

MAX_LENGTH = 50
MAX_KEYS = 50
"""Live keys of a user: one for each program, and some that are being replaced."""


def issue_key(
    *,
    user: User,
    name: str,
    scopes: Collection[str] = tuple(Scope.values),
    galleries: Iterable[Gallery] = (),
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Issue a new API key of ``user`` and return it with its secret, which is shown once and kept
    only as a hash.

    No galleries means all that the user may see. Raises InvalidInput.
    """
    if unknown := sorted(set(scopes) - set(Scope.values)):
        raise InvalidInput(f"There is no scope {', '.join(unknown)}.")
    name = name.strip()
    if not 0 < len(name) <= MAX_LENGTH:
        raise InvalidInput(f"A key's name has 1 to {MAX_LENGTH} characters.")
    bound = [*galleries]
    with transaction.atomic():
        # Two keys made at once must not both be the last.
        User.objects.select_for_update().get(pk=user.pk)
        live = ApiKey.objects.filter(user=user, revoked=False).exclude(
            expiry_date__lt=timezone.now()
        )
        if live.count() >= MAX_KEYS:
            raise InvalidInput(f"You have {MAX_KEYS} keys already; revoke one first.")
        made, secret = ApiKey.objects.create_key(
            name=name,
            user=user,
            scopes=sorted(scopes),
            expiry_date=expires_at,
            is_bound=bool(bound),
        )
        key = cast(ApiKey, made)
        key.galleries.set(bound)
        audited: list[Gallery | None] = [*bound] or [None]
        for gallery in audited:
            record(AuditAction.CREATE, key, gallery=gallery, user=user, scopes=key.scopes)
    return key, secret
