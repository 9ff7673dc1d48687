"""Give a user what the groups of their identity provider say."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence

from django.contrib.auth.models import User
from django.db import transaction

from recognition.core.errors import RecognitionError
from recognition.models import AuditAction, Gallery, Membership, Role
from recognition.services.audit.trail import record
from recognition.services.galleries.set_member import set_member
from recognition.services.joining.accept_invitation import RANK

logger = logging.getLogger(__name__)

STAFF = "staff"


def follow_groups(
    *, user: User, groups: Collection[str], rights: Mapping[str, Sequence[tuple[str, str]]]
) -> None:
    """Make a user's roles in the galleries that ``rights`` names what their groups give there.

    ``rights`` has pairs of a gallery's slug and a role of each group; the role ``staff`` has no
    gallery. What it does not name stays as people have set it; a gallery keeps its last owner.
    """
    governed = {pair for pairs in rights.values() for pair in pairs}
    given = {pair for group in groups for pair in rights.get(group, ())}
    if any(role == STAFF for _, role in governed):
        _set_staff(user, any(role == STAFF for _, role in given))
    for slug in sorted({slug for slug, role in governed if role != STAFF}):
        roles = [Role(role) for gallery, role in given if gallery == slug]
        _set_role(user, slug, max(roles, key=RANK.__getitem__, default=None))


@transaction.atomic
def _set_staff(user: User, is_staff: bool) -> None:
    if user.is_staff != is_staff and not user.is_superuser:
        user.is_staff = is_staff
        user.save(update_fields=["is_staff"])
        record(AuditAction.CHANGE, user, gallery=None, user=user, fields=["is_staff"])


def _set_role(user: User, slug: str, role: Role | None) -> None:
    gallery = Gallery.objects.filter(slug=slug).first()
    if gallery is None:
        logger.warning("ONESHOT_OIDC_GROUPS names a gallery that does not exist: %s", slug)
        return
    present = Membership.objects.filter(gallery=gallery, user=user).first()
    if (present.role if present else None) == role:
        return
    try:
        set_member(gallery=gallery, username=user.username, role=role)
    except RecognitionError as error:
        logger.warning("%s stays %s of %s: %s", user, present, slug, error.detail)
