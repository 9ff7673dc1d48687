"""Revoke an API key."""

from __future__ import annotations

from django.db import transaction

from recognition.models import ApiKey, AuditAction, Gallery
from recognition.services.audit.trail import record


@transaction.atomic
def revoke_key(*, key: ApiKey) -> None:
    """Refuse a key from now on, for good. Revoking one that is revoked changes nothing."""
    if not ApiKey.objects.filter(pk=key.pk, revoked=False).update(revoked=True):
        return
    key.revoked = True
    bound: list[Gallery | None] = [*key.galleries.all()]
    for gallery in bound or [None]:
        record(AuditAction.REVOKE, key, gallery=gallery)
