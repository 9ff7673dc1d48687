"""Follow an invitation: with the account that one has, or with a new one."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from recognition.core.errors import InvalidInput, InvitationInvalid
from recognition.models import AuditAction, Gallery, Invitation, Membership, Role
from recognition.selectors.invitations import get_invitation
from recognition.services.audit.acting import Actor, acting
from recognition.services.audit.trail import record
from recognition.services.galleries.set_member import set_member

RANK = {Role.VIEWER: 0, Role.CURATOR: 1, Role.OWNER: 2}


@transaction.atomic
def accept_invitation(*, secret: str, user: User) -> Gallery:
    """Make ``user`` a member; whoever has a higher role already keeps it.

    Raises InvitationInvalid.
    """
    invitation = _used(secret, user)
    _join(invitation, user)
    return invitation.gallery


@transaction.atomic
def join_with_account(*, secret: str, username: str, password: str) -> tuple[User, Gallery]:
    """Make an account and have it join. Raises InvitationInvalid, InvalidInput.

    An address that the link was sent to is the account's, since whoever followed it reads its mail.
    """
    invitation = get_invitation(secret)
    user = _new_user(username.strip(), password, invitation.email)
    with acting(lambda: Actor(user=user)):
        invitation = _used(secret, user, made_account=True)
        inviter = invitation.invited_by.username
        record(AuditAction.CREATE, user, gallery=None, invited_by=inviter)
        _join(invitation, user)
    return user, invitation.gallery


def _used(secret: str, user: User, *, made_account: bool = False) -> Invitation:
    """The invitation, which is used up: of two at once, one is refused."""
    invitation = get_invitation(secret)
    rows = Invitation.objects.filter(pk=invitation.pk, used_at=None)
    if not rows.update(used_at=timezone.now(), used_by=user, made_account=made_account):
        raise InvitationInvalid("It was used a moment ago. Ask for another one.")
    return invitation


def _join(invitation: Invitation, user: User) -> None:
    role = Role(invitation.role)
    present = Membership.objects.filter(gallery=invitation.gallery, user=user).first()
    if present is None or RANK[Role(present.role)] < RANK[role]:
        set_member(gallery=invitation.gallery, username=user.username, role=role)


def _new_user(username: str, password: str, email: str) -> User:
    user = User(username=username)
    try:
        user.username = User.normalize_username(username)
        User._meta.get_field("username").clean(user.username, user)
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages)) from None
    if "@" in user.username:
        raise InvalidInput("A user name has no @: it would look like an e-mail address.")
    if User.objects.filter(username__iexact=user.username).exists():
        raise InvalidInput("This user name is taken. If it is yours, sign in instead.")
    if email and not User.objects.filter(email__iexact=email).exists():
        user.email = email
    user.set_password(password)
    user.save()
    if user.email:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
