"""The audit trail."""

from __future__ import annotations

from django.db.models import QuerySet

from recognition.models import AuditEntry, Gallery


def audit_of(gallery: Gallery) -> QuerySet[AuditEntry]:
    """List what was done to a gallery and to what it holds, newest first."""
    return AuditEntry.objects.filter(gallery=gallery).order_by("-id")
