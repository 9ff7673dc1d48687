"""Invitations into a gallery, and links for members who forgot their password."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from recognition.core.errors import InvalidInput, RecognitionError
from recognition.dashboard.access import member, user_of
from recognition.dashboard.settings.members import show_members
from recognition.dashboard.settings.sections import done, require_owner_of
from recognition.models import Gallery, Membership, Role
from recognition.selectors.invitations import open_invitations, resettable_by
from recognition.services.accounts.reset_links import make_reset_link
from recognition.services.joining.invite import invite, send_invitation, withdraw
from recognition.sign_in.proof import require_proof


@member
@require_POST
def invite_somebody(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """Make a link, which is shown once, or sent where mail is sent and an address was given."""
    require_owner_of(request, gallery)
    require_proof(request)
    email = request.POST.get("email", "") if settings.EMAIL_URL else ""
    try:
        invitation, secret = invite(
            gallery=gallery,
            role=_role(request.POST.get("role", "")),
            invited_by=user_of(request),
            email=email,
        )
        link = request.build_absolute_uri(reverse("invitation", args=[secret]))
        if invitation.email:
            send_invitation(invitation=invitation, link=link)
            return show_members(request, gallery, sent=invitation.email)
    except RecognitionError as error:
        return show_members(request, gallery, error)
    return show_members(request, gallery, link=link)


@member
@require_POST
def withdraw_invitation(request: HttpRequest, gallery: Gallery, invitation: int) -> HttpResponse:
    require_owner_of(request, gallery)
    found = get_object_or_404(open_invitations(gallery), pk=invitation)
    return done(
        request,
        lambda: withdraw(invitation=found),
        message="The invitation is withdrawn: its link leads nowhere.",
        back=("dashboard:members", gallery.slug),
        refused=lambda error: show_members(request, gallery, error),
    )


@member
@require_POST
def reset_link(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """Make a link by which a member sets another password; it is shown once."""
    require_owner_of(request, gallery)
    require_proof(request)
    username = request.POST.get("username", "")
    membership = get_object_or_404(
        Membership.objects.select_related("user"), gallery=gallery, user__username=username
    )
    if not resettable_by(user_of(request)).filter(pk=membership.user.pk).exists():
        error = InvalidInput(f"{username} was not invited by you alone. Ask your operator.")
        return show_members(request, gallery, error)
    path = make_reset_link(user=membership.user)
    return show_members(request, gallery, reset=request.build_absolute_uri(path), reset_of=username)


def _role(given: str) -> Role:
    if given not in Role.values:
        raise InvalidInput("Choose a role.")
    return Role(given)
