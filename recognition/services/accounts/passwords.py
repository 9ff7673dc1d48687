"""Passwords that people choose, and those that somebody else made for them."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from recognition.models import AuditAction, GivenPassword
from recognition.services.audit.trail import record


@transaction.atomic
def note_password_change(*, user: User) -> None:
    """Note that a user has chosen a password of their own."""
    GivenPassword.objects.filter(user=user).delete()
    record(AuditAction.CHANGE, user, gallery=None, user=user, fields=["password"])


def note_given_password(*, user: User) -> None:
    """Have a user choose another password, since somebody else knows the present one."""
    GivenPassword.objects.get_or_create(user=user)


def is_password_given(user: User) -> bool:
    """Say whether a user's password was made by somebody else."""
    return GivenPassword.objects.filter(user=user).exists()
