"""A refusal as a page, or as the part of a page that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recognition.core.errors import PermissionRefused, RecognitionError
from recognition.dashboard.pages import is_partial
from recognition.services.audit.denials import note_denial


class RefusalPages:
    """Middleware: what the services refuse is told in their own words, with their status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, PermissionRefused | PermissionDenied):
            note_denial(
                user=request.user,
                method=str(request.method),
                address=request.path,
                detail=str(error),
            )
        if not isinstance(error, RecognitionError):
            return None
        part = "parts/" if is_partial(request) else ""
        template = f"dashboard/{part}problem.html"
        if error.status == HTTPStatus.NOT_FOUND and not part:
            # One page for what is missing, whichever part of the service misses it.
            template = "404.html"
        context = {"error": error, "file": _file_of(request)}
        response = render(request, template, context, status=error.status)
        if error.retryable:
            response["Retry-After"] = str(error.retry_after)
        return response


def _file_of(request: HttpRequest) -> str:
    """Return the name of the one file that was sent, where the request was read that far."""
    if not hasattr(request, "_files"):
        return ""
    files = [each for _, sent in request.FILES.lists() for each in sent]
    return str(files[0].name) if len(files) == 1 else ""
