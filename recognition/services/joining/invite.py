"""Invite somebody into a gallery, or take that back."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from recognition.core.errors import InvalidInput
from recognition.models import AuditAction, Gallery, Invitation, Role
from recognition.selectors.invitations import digest_of, open_invitations
from recognition.services.audit.trail import record
from recognition.services.change_log import lock_gallery

logger = logging.getLogger(__name__)

DAYS = 7
"""Time within which a link has to be followed."""

MAX_OPEN = 50
"""Invitations of a gallery that are open at a time."""


@transaction.atomic
def invite(
    *, gallery: Gallery, role: Role, invited_by: User, email: str = ""
) -> tuple[Invitation, str]:
    """Make an invitation and return it with the secret of its link, which is kept only as a hash.

    Raises InvalidInput.
    """
    email = email.strip().lower()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise InvalidInput("This is no e-mail address.") from None
    lock_gallery(gallery)
    if open_invitations(gallery).count() >= MAX_OPEN:
        raise InvalidInput(f"{MAX_OPEN} invitations are open. Withdraw one first.")
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        gallery=gallery,
        role=role,
        digest=digest_of(secret),
        email=email,
        invited_by=invited_by,
        expires_at=timezone.now() + timedelta(days=DAYS),
    )
    record(AuditAction.CREATE, invitation, gallery=gallery, user=invited_by, role=role)
    return invitation, secret


@transaction.atomic
def withdraw(*, invitation: Invitation) -> None:
    """Have a link lead nowhere from now on."""
    record(AuditAction.REMOVE, invitation, gallery=invitation.gallery, role=invitation.role)
    invitation.delete()


def send_invitation(*, invitation: Invitation, link: str) -> None:
    """Send a link to the address of its invitation, or withdraw it. Raises InvalidInput."""
    body = (
        f"{invitation.invited_by} invites you to {invitation.gallery.name} on Oneshot, as "
        f"{invitation.role}.\n\nJoin here, within {DAYS} days:\n{link}\n\n"
        "If you do not know what this is about, ignore this message.\n"
    )
    try:
        send_mail(f"Oneshot: join {invitation.gallery.name}"[:200], body, None, [invitation.email])
    except (OSError, ValueError):
        logger.exception("an invitation was not sent")
        withdraw(invitation=invitation)
        raise InvalidInput("The mail was not sent. Your operator finds why in the log.") from None
