"""The errors that a call may answer with, each with its codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from recognition.api.schema.headers import ALWAYS, references
from recognition.core.errors import RecognitionError

Schema = dict[str, Any]
Kind = type[RecognitionError]

MEANINGS = {
    400: "The input is not valid.",
    401: "No valid session or key.",
    403: "Not allowed, or the key lacks the scope.",
    404: "Not there, or not yours to see.",
    406: "Only JSON is answered.",
    409: "Conflicts with what is there.",
    412: "It has changed meanwhile.",
    413: "Too large.",
    415: "The content type, or the file's format, is not understood.",
    422: "The Idempotency-Key belongs to another request.",
    429: "Too many requests; see `Retry-After`.",
    500: "The service failed.",
    503: "Not now: where there is a `Retry-After`, try again after so many seconds.",
    507: "No room is left; see `Retry-After`.",
}
FRAMEWORK: dict[int, tuple[str, ...]] = {
    400: ("invalid_input", "request_malformed"),
    401: ("not_authenticated", "invalid_key"),
    403: ("permission_denied", "scope_missing"),
    406: ("not_acceptable",),
    429: ("throttled",),
    500: ("error",),
    503: ("cache_unavailable", "database_damaged", "database_unavailable", "storage_unavailable"),
    507: ("storage_full",),
}
WITH_BODY: dict[int, tuple[str, ...]] = {
    400: ("parse_error",),
    413: ("request_too_large",),
    415: ("unsupported_media_type",),
}
NAMING: dict[int, tuple[str, ...]] = {404: ("not_found",)}
ELSEWHERE = ("not_found", "method_not_allowed")
"""Where an address or a method is none of the API's."""


def kinds_below(kind: Kind) -> Iterator[Kind]:
    """A kind of error and all kinds of it."""
    yield kind
    for each in kind.__subclasses__():
        yield from kinds_below(each)


def every_code() -> list[str]:
    codes = {kind.code for kind in kinds_below(RecognitionError)} | set(ELSEWHERE)
    for framework in (FRAMEWORK, WITH_BODY):
        codes.update(*framework.values())
    return sorted(codes)


def problem_responses(kinds: Iterable[Kind], *, has_body: bool, names: bool) -> Schema:
    """Responses by status, for a call that may raise ``kinds`` besides what any call may.

    ``names``: whether its address names something.
    """
    codes: dict[int, set[str]] = defaultdict(set)
    framework = FRAMEWORK | (NAMING if names else {})
    for status, always in [*framework.items(), *(WITH_BODY.items() if has_body else ())]:
        codes[status].update(always)
    passing = {429, 503, 507}
    for kind in kinds:
        codes[kind.status].add(kind.code)
        if kind.retryable:
            passing.add(kind.status)
    return {
        str(status): _response(status, sorted(codes[status]), passes=status in passing)
        for status in sorted(codes)
    }


def _response(status: int, codes: list[str], *, passes: bool) -> Schema:
    """``passes``: whether one of the codes is of an error that may be gone when asked again."""
    named = ALWAYS if status == 429 else ("X-Request-ID",)
    listed = ", ".join(f"`{code}`" for code in codes)
    return {
        "description": f"{MEANINGS[status]} Code: {listed}.",
        "headers": references(*named, *(["Retry-After"] if passes else [])),
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }


def _text(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}


PROBLEM: Schema = {
    "type": "object",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": _text("Always the same: `code` tells errors apart.", const="about:blank"),
        "title": _text("What kind of error it is; for people."),
        "status": {
            "type": "integer",
            "minimum": 400,
            "maximum": 599,
            "description": "The HTTP status.",
        },
        "code": _text("Stable; for programs.", enum=every_code()),
        "detail": _text("What is wrong and what to do, in a sentence; for people."),
        "request_id": _text(
            "What to look for in the service's log; also in the header `X-Request-ID`."
        ),
        "errors": {
            "type": "array",
            "description": "What is wrong with each field, with `invalid_input`.",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": _text("The field's name, with dots into nested ones; may be empty."),
                    "code": _text("What is wrong with it; for programs."),
                    "detail": _text("What is wrong with it, in a sentence."),
                },
            },
        },
    },
}
