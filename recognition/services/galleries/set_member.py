"""Who is in a gallery, and as what."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from recognition.core.errors import InvalidInput
from recognition.models import AuditAction, Gallery, Membership, Role
from recognition.services.audit.trail import record
from recognition.services.change_log import lock_gallery


@transaction.atomic
def set_member(*, gallery: Gallery, username: str, role: Role | None) -> None:
    """Give a user a role, or none to let them go. A gallery keeps an owner.

    Raises InvalidInput, also for a user who does not exist. Who has left, and so is not active, can
    only be let go, and owns nothing any more.
    """
    # Two owners who let each other go at once must not both succeed.
    locked = lock_gallery(gallery)
    user = User.objects.filter(username=username.strip()).first()
    if user is None or (role is not None and not user.is_active):
        raise InvalidInput(f"There is no user {username.strip()!r}.")
    if role is None:
        Membership.objects.filter(gallery=locked, user=user).delete()
        record(AuditAction.LET_GO, user, gallery=locked)
    else:
        Membership.objects.update_or_create(gallery=locked, user=user, defaults={"role": role})
        record(AuditAction.LET_IN, user, gallery=locked, role=role)
    owners = Membership.objects.filter(gallery=locked, role=Role.OWNER, user__is_active=True)
    if not owners.exists():
        raise InvalidInput("A gallery needs an owner: make somebody else one first.")
