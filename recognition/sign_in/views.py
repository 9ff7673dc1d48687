"""Pages of one's own account that django-allauth has none of."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_required
@require_safe
def own_account(request: HttpRequest) -> HttpResponse:
    """Show what somebody may change of their own account."""
    return render(request, "account/account.html", {"at": "own_account"})
