"""What happens around every request."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.middleware.gzip import GZipMiddleware
from django_guid import get_guid

from recognition.models import ApiKey
from recognition.services.audit.acting import Actor, acting, key_name

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


PERMISSIONS = ", ".join(
    f"{each}=()"
    for each in (
        "accelerometer",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)
CONSOLE_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""For the pages of packages: the console's Alpine evaluates what its templates say."""


class Guarded:
    """What browsers are told of every answer: what it may do, and who may keep it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        headers = response.headers
        headers.setdefault("Permissions-Policy", f"camera=(self), {PERMISSIONS}")
        if headers.get("Content-Type", "").startswith("text/html"):
            headers.setdefault("Content-Security-Policy", CONSOLE_POLICY)
            headers.setdefault("Cache-Control", "no-store")
        else:
            # Programs ask again by the tag that they have, which a browser must not keep.
            headers.setdefault("Cache-Control", "private, no-cache")
        return response


class EndIdleSessions:
    """Signs out whoever has asked for nothing for long. The time is written seldom: a write a
    request would cost more than the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_IDLE_SECONDS and SESSION_KEY in request.session:
            self._look_at(request)
        return self._get_response(request)

    def _look_at(self, request: HttpRequest) -> None:
        now, idle = int(time.time()), settings.SESSION_IDLE_SECONDS
        seen = request.session.get(SEEN, now)
        if now - seen > idle:
            logout(request)
        elif SEEN not in request.session or now - seen > min(GRAIN_SECONDS, idle // 4):
            note_seen(request)
            note_session(request)


SEEN = "seen"
GRAIN_SECONDS = 600


def note_seen(request: HttpRequest) -> None:
    """Keep when somebody who is signed in last asked for something."""
    request.session[SEEN] = int(time.time())


def note_session(request: HttpRequest) -> None:
    """Have the session be in the list of its user's; one of an earlier release was not."""
    UserSession.objects.create_from_request(request)


PROVED = "proved_at"
"""When whoever has this session last showed a password, a code or a key."""


def note_proof(request: HttpRequest) -> None:
    """Keep that somebody has just shown who they are."""
    request.session[PROVED] = int(time.time())


def is_proved(request: HttpRequest) -> bool:
    """Say whether somebody has shown who they are lately enough for what matters most."""
    since = time.time() - request.session.get(PROVED, 0)
    return bool(since < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
