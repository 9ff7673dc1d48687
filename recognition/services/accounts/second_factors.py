"""The second factors of a user: what was done to them, and a way in without them."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction

from recognition.models import AuditAction
from recognition.services.audit.trail import record


def note_second_factor(*, user: User, kind: str, change: str) -> None:
    """Note that a second factor of some ``kind`` was added, removed or replaced."""
    record(
        AuditAction.CHANGE,
        user,
        gallery=None,
        user=user,
        fields=["second_factor"],
        **{change: kind},
    )


@transaction.atomic
def drop_second_factors(*, user: User) -> int:
    """Remove all second factors of somebody who has lost them. Returns how many there were."""
    dropped, _ = Authenticator.objects.filter(user=user).delete()
    record(AuditAction.CHANGE, user, gallery=None, fields=["second_factor"], dropped=dropped)
    return dropped
