"""A refusal as a page, or as the part of a page that was asked for."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error as plain_server_error

from recognition.core.errors import PermissionRefused, RecognitionError
from recognition.dashboard.pages import is_partial
from recognition.services.audit.denials import note_denial
from recognition.services.outages import outage_of

logger = logging.getLogger(__name__)


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
        if outage := outage_of(error):
            return outage_page(outage, error)
        if not isinstance(error, RecognitionError):
            return None
        part = "parts/" if is_partial(request) else ""
        template = f"dashboard/{part}problem.html"
        if error.status == HTTPStatus.NOT_FOUND and not part and request.method == "GET":
            # One page for what is missing, whichever part of the service misses it. Who sent a
            # form is told what it misses.
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


def outage_page(outage: RecognitionError, error: BaseException) -> HttpResponse:
    """Tell of a part of the service that is away, by a page that asks nothing of it."""
    logger.error("%s: %s", outage.code, error, exc_info=error)
    page = render_to_string("503.html", {"error": outage})
    headers = {"Retry-After": str(outage.retry_after)}
    return HttpResponse(page, status=outage.status, headers=headers)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's ``handler500``: what fails outside a view may be an outage, too."""
    error = sys.exc_info()[1]
    if error is not None and (outage := outage_of(error)):
        return outage_page(outage, error)
    return plain_server_error(request)
