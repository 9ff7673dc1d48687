"""Every error as problem+json (RFC 9457): type, title, status, detail, and a stable code."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django_guid.context import guid
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from recognition.core.errors import PermissionRefused, RecognitionError
from recognition.services.audit.denials import note_denial
from recognition.services.outages import outage_of

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
MAX_ERRORS = 20
MAX_TOLD = 2000
"""Characters of a sentence: enough for twenty errors."""

TITLES = {
    400: "The input is not valid",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "This address does not take that method",
    406: "No such representation",
    413: "The request is too large",
    415: "This content type is not understood",
    429: "Too many requests",
    500: "Something went wrong",
}


def problem(
    status_code: int,
    code: str,
    detail: str,
    *,
    title: str = "",
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title or TITLES.get(status_code, "Error"),
        "status": status_code,
        "code": code,
        "detail": _sendable(detail),
        "request_id": guid.get(),
    }
    if errors:
        body["errors"] = [{k: _sendable(v) for k, v in each.items()} for each in errors]
    return Response(body, status=status_code, headers=headers, content_type=CONTENT_TYPE)


def _sendable(text: str) -> str:
    """What the caller gave is told back, though not all of something long; half a surrogate pair
    has no bytes."""
    shown = text if len(text) <= MAX_TOLD else f"{text[:MAX_TOLD]}…"
    return shown.encode(errors="replace").decode()


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: whatever happens, the caller gets one shape."""
    set_rollback()
    if isinstance(error, PermissionRefused | PermissionDenied | exceptions.PermissionDenied):
        _note_denial(error, context.get("request"))
    match error:
        case RecognitionError():
            return told(error)
        case exceptions.ValidationError():
            errors = list(islice(_flatten(error.get_full_details()), MAX_ERRORS))
            detail = " ".join(
                f"{e['field']}: {e['detail']}" if e["field"] else e["detail"] for e in errors
            )
            return problem(400, "invalid_input", detail, errors=errors)
        case Http404():
            return problem(404, "not_found", "There is nothing at this address.")
        case PermissionDenied():
            return problem(403, "permission_denied", "You may not do that.")
        case RequestDataTooBig():
            return problem(413, "request_too_large", "The request is larger than is accepted.")
        case SuspiciousOperation():
            return problem(400, "request_malformed", "The request cannot be read as it is.")
        case exceptions.APIException():
            return _from_drf(error)
    if outage := outage_of(error):
        logger.error("%s: %s", outage.code, error, exc_info=error)
        return told(outage)
    logger.exception("unexpected error", exc_info=error)
    return problem(500, "error", "The service failed; the error has been logged.")


def told(error: RecognitionError) -> Response:
    """Make the response that tells of an error."""
    headers = {"Retry-After": str(error.retry_after)} if error.retryable else {}
    return problem(error.status, error.code, error.detail, title=error.title, headers=headers)


def _note_denial(error: Exception, request: Request | None) -> None:
    if request is not None:
        note_denial(
            user=request.user,
            method=str(request.method),
            address=request.path,
            detail=str(getattr(error, "detail", "")),
        )


def _from_drf(error: exceptions.APIException) -> Response:
    headers: dict[str, str] = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    codes = error.get_codes()
    return problem(
        error.status_code or status.HTTP_500_INTERNAL_SERVER_ERROR,
        codes if isinstance(codes, str) else "invalid_input",
        str(error.detail),
        headers=headers,
    )


def _flatten(details: Any, field: str = "") -> Iterator[dict[str, str]]:
    if isinstance(details, dict) and "message" in details and "code" in details:
        yield {"field": field, "code": str(details["code"]), "detail": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            name = "" if name == "non_field_errors" else str(name)
            yield from _flatten(inner, ".".join(part for part in (field, name) if part))
    else:
        for inner in details:
            yield from _flatten(inner, field)
