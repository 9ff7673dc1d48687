"""Pages of one's own account that django-allauth has none of."""

from __future__ import annotations

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe


@login_required
@require_safe
def own_account(request: HttpRequest) -> HttpResponse:
    """Show what somebody may change of their own account."""
    return render(request, "account/account.html")


@login_required
@require_POST
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    """End one session of the caller's."""
    ended = get_object_or_404(UserSession, pk=session, user=request.user)
    get_adapter().end_sessions([ended])
    messages.success(request, "The session is signed out.")
    return redirect("usersessions_list")
