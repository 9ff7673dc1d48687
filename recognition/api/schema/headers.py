"""The headers that requests may have and answers have."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def _header(description: str, **schema: Any) -> Schema:
    return {"description": description, "schema": {"type": "string", **schema}}


HEADERS: Schema = {
    "X-Request-ID": _header("The request's id, to look for in the service's log."),
    "RateLimit": _header(
        "What is left (`r`, requests) and when the oldest of them is forgotten (`t`, seconds), by "
        'the IETF draft "RateLimit header fields for HTTP".'
    ),
    "RateLimit-Policy": _header("How many requests (`q`) a window of `w` seconds lets in."),
    "Retry-After": _header(
        "After how many seconds the same request may succeed.", type="integer", minimum=1
    ),
    "ETag": _header("The version of what is answered, for `If-None-Match` and `If-Match`."),
    "Location": _header("The address of what was made."),
    "Idempotent-Replayed": _header("`true` where this is the first answer again.", const="true"),
}
ALWAYS = ("X-Request-ID", "RateLimit", "RateLimit-Policy")

IDEMPOTENCY_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any text of your own, kept for a day: the same request with the same key runs "
    "once and gets the first answer again, also while the first still runs.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
IF_NONE_MATCH: Schema = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "An `ETag` that you have; 304 where it is still the version.",
    "schema": {"type": "string"},
}
IF_MATCH: Schema = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` that you last saw; 412 where it is no longer the version.",
    "schema": {"type": "string"},
}


def references(*names: str) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
