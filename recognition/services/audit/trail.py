"""The trail of who did what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import models

from recognition.models import AuditAction, AuditEntry, Gallery
from recognition.services.audit.acting import actor_for

NAMED = 100
"""How many of many things an entry names."""


def record(
    deed: AuditAction,
    subject: models.Model,
    *,
    gallery: Gallery | None,
    user: User | None = None,
    **detail: Any,
) -> None:
    """Write down, inside the transaction that does it, what is done to ``subject`` and by whom.

    A ``user`` counts where only the operator is known to be at work.
    """
    actor = actor_for(user)
    AuditEntry.objects.create(
        deed=deed,
        gallery=gallery,
        gallery_slug=gallery.slug if gallery else "",
        user=actor.user,
        actor=actor.user.get_username()
        if actor.user
        else "operator"
        if actor.is_operator
        else "somebody",
        key=actor.key,
        kind=str(subject._meta.verbose_name),
        subject=_address(subject)[:200],
        name=str(subject)[:200],
        detail=detail,
        request=actor.request,
    )


def named(objects: Iterable[models.Model]) -> dict[str, Any]:
    """Describe many things as a detail: how many there are, and which, up to some."""
    addresses = [_address(each) for each in objects]
    return {"count": len(addresses), "which": addresses[:NAMED]}


def _address(subject: models.Model) -> str:
    for field in ("public_id", "slug", "prefix", "username", "text"):
        if found := getattr(subject, field, ""):
            return str(found)
    return str(subject.pk)
