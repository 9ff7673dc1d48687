"""What was refused to whom, in the audit trail."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.cache import cache

from recognition.models import AuditAction
from recognition.services.audit.trail import record

TOLD_SECONDS = 60
"""How seldom the trail tells of the same denial: a program may ask a thousand times a minute."""


def note_denial(*, user: object, address: str, method: str, detail: str) -> None:
    """Write down that a user who is known may not do what they asked for."""
    if not isinstance(user, User):
        return
    if cache.add(f"denied_{user.pk}_{hash((method, address))}", 1, TOLD_SECONDS):
        record(
            AuditAction.DENY,
            user,
            gallery=None,
            method=method,
            address=address[:500],
            detail=detail,
        )
