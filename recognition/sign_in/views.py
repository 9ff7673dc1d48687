"""Pages of one's own account that django-allauth has none of."""

from __future__ import annotations

from allauth.account.utils import perform_login
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recognition.core.errors import InvalidInput
from recognition.models import Invitation
from recognition.selectors.invitations import get_invitation
from recognition.services.joining.accept_invitation import accept_invitation, join_with_account


@login_required
@require_safe
def own_account(request: HttpRequest) -> HttpResponse:
    """Show what somebody may change of their own account."""
    return render(request, "account/account.html")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Join a gallery, by the account that one has or by a new one."""
    found = get_invitation(secret)
    if request.method != "POST":
        return _asked(request, found)
    try:
        if isinstance(request.user, User):
            gallery = accept_invitation(secret=secret, user=request.user)
            messages.success(request, f"You have joined {gallery.name}.")
            return redirect("dashboard:gallery", gallery.slug)
        password = request.POST.get("password", "")
        if password != request.POST.get("again", ""):
            raise InvalidInput("The two passwords differ.")
        user, gallery = join_with_account(
            secret=secret, username=request.POST.get("username", ""), password=password
        )
    except InvalidInput as error:
        return _asked(request, found, error)
    place = reverse("dashboard:gallery", args=[gallery.slug])
    answer: HttpResponse = perform_login(request, user, redirect_url=place)
    return answer


def _asked(
    request: HttpRequest, found: Invitation, error: InvalidInput | None = None
) -> HttpResponse:
    context = {"invitation": found, "error": error, "username": request.POST.get("username", "")}
    return render(
        request, "account/invitation.html", context, status=error.status if error else 200
    )


@login_required
@require_POST
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    """End one session of the caller's."""
    ended = get_object_or_404(UserSession, pk=session, user=request.user)
    get_adapter().end_sessions([ended])
    messages.success(request, "The session is signed out.")
    return redirect("usersessions_list")
