"""What happens around every request."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.middleware.gzip import GZipMiddleware
from django_guid import get_guid

from recognition.models import ApiKey
from recognition.services.acting import Actor, acting, key_name

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})


class RefuseMadeUp:
    """Comes before all else: whatever counts requests by method would count each made-up one, and
    no database looks for a NUL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            refused = _refused(405, "method_not_allowed", "The method is not one of HTTP's.")
            refused["Allow"] = ", ".join(sorted(METHODS - {"TRACE"}))
            return refused
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return _refused(400, "request_malformed", "The address holds a NUL.")
        return self._get_response(request)


def _refused(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse(
        {
            "type": "about:blank",
            "title": "The request cannot be taken",
            "status": status,
            "code": code,
            "detail": detail,
        },
        status=status,
        content_type="application/problem+json",
    )


class ActAsCaller:
    """Every request is somebody's: what the services do for it, they do as theirs.

    Who acts, by session or by key, is found out once a service asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with acting(lambda: _caller(request)):
            return self._get_response(request)


def _caller(request: HttpRequest) -> Actor:
    # Django REST framework leaves the credentials that it found on Django's request.
    key = getattr(request, "auth", None)
    return Actor(
        user=request.user if isinstance(request.user, User) else None,
        key=key_name(key) if isinstance(key, ApiKey) else "",
        request=get_guid() or "",
    )


class CompressPages(GZipMiddleware):
    """Pages are compressed. What programs are answered is not: compressing weakens its tag, and
    ``If-Match`` compares strong ones."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
