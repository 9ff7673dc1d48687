"""Which invitations are open, and whose account a gallery's owner may help."""

from __future__ import annotations

from hashlib import sha256

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from recognition.core.errors import InvitationInvalid
from recognition.models import Gallery, Invitation, Membership, Role


def open_invitations(gallery: Gallery) -> QuerySet[Invitation]:
    """List the invitations into a gallery that may still be followed, newest first."""
    found = Invitation.objects.filter(gallery=gallery, used_at=None, expires_at__gt=timezone.now())
    return found.select_related("invited_by")


def get_invitation(secret: str) -> Invitation:
    """Find the open invitation of a link. Raises InvitationInvalid for what was used, withdrawn,
    has expired or never was: the four look the same.
    """
    found = Invitation.objects.select_related("gallery", "invited_by").filter(
        digest=digest_of(secret), used_at=None, expires_at__gt=timezone.now()
    )
    if (invitation := found.first()) is None or not invitation.invited_by.is_active:
        raise InvitationInvalid("It was used, withdrawn or has expired. Ask for another one.")
    return invitation


def resettable_by(owner: User) -> QuerySet[User]:
    """List whose passwords ``owner`` may have set anew by a link.

    A superuser may have everybody's; others those of whom they brought in: accounts made by an
    invitation into a gallery of theirs, members of no gallery that is not theirs, without rights in
    the console. Anything more would let an owner take over whom they add by name.
    """
    users = User.objects.filter(is_active=True).exclude(pk=owner.pk)
    if owner.is_superuser:
        return users
    own = Membership.objects.filter(user=owner, role=Role.OWNER).values("gallery")
    brought_in = Invitation.objects.filter(made_account=True, gallery__in=own).values("used_by")
    elsewhere = Membership.objects.exclude(gallery__in=own).values("user")
    return users.filter(pk__in=brought_in, is_staff=False, is_superuser=False).exclude(
        pk__in=elsewhere
    )


def digest_of(secret: str) -> str:
    """Hash the secret of a link: it is as random as a key, so that no salt is wanted."""
    return sha256(secret.encode()).hexdigest()
