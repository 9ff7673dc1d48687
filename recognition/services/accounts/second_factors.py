"""The second factors of a user: what was done to them, and a way in without them."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction

from recognition.models import AuditAction
from recognition.services.audit.trail import record


def note_second_factor(*, user: User, kind: str, change: str) -> None:
    """Note that a second factor of some ``kind`` was added, removed or replaced."""
    detail: dict[str, Any] = {"fields": ["second_factor"], change: kind}
    record(AuditAction.CHANGE, user, gallery=None, user=user, **detail)


@transaction.atomic
def drop_second_factors(*, user: User) -> int:
    """Remove all second factors of somebody who has lost them. Returns how many there were."""
    dropped: int = Authenticator.objects.filter(user=user).delete()[0]
    record(AuditAction.CHANGE, user, gallery=None, fields=["second_factor"], dropped=dropped)
    return dropped
