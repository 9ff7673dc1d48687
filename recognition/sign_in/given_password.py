"""A password that somebody else made is changed before anything else is done."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from recognition.core.errors import PermissionRefused

GIVEN = "password_is_given"
"""What a session knows of whoever signed in by such a password."""

OPEN = ("account_change_password", "account_logout")


class HaveGivenPasswordChanged:
    """Sends whoever signed in by a given password to the page that changes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.session.get(GIVEN) or request.path in {reverse(name) for name in OPEN}:
            return self._get_response(request)
        if request.path.startswith("/api/"):
            return _refused()
        return redirect("account_change_password")


def _refused() -> JsonResponse:
    error = PermissionRefused("Choose a password of your own first, on the page of your account.")
    body = {"type": "about:blank", "title": error.title, "status": error.status}
    return JsonResponse(
        body | {"code": "password_is_given", "detail": error.detail},
        status=error.status,
        content_type="application/problem+json",
    )
