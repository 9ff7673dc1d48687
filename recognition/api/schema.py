"""What drf-spectacular cannot see: the errors, and bodies that are images."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

PROBLEM: Schema = {
    "type": "object",
    "description": "An error (RFC 9457). `code` is stable; `detail` says what to do.",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "examples": ["gallery_not_found"]},
        "detail": {"type": "string"},
        "request_id": {"type": ["string", "null"]},
        "errors": {
            "type": "array",
            "description": "What is wrong with each field.",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
            },
        },
    },
}

SMALLINT_MAX = 2**15 - 1

ALWAYS = {
    "400": "The input is not valid.",
    "401": "No valid session or key.",
    "403": "Not allowed, or the key lacks the scope.",
    "406": "Only JSON is answered.",
    "415": "The content type, or the image's format, is not understood.",
    "429": "Too many requests; see `Retry-After`.",
    "500": "The service failed.",
    "503": "Not now: try again after `Retry-After` seconds.",
}
NAMED = {"404": "Not there, or not yours to see."}
CREATING = {
    "409": "Conflicts with what is there.",
    "413": "Too large.",
    "422": "The Idempotency-Key belongs to another request.",
}
CHANGING = {"409": "Conflicts with what is there.", "412": "It has changed meanwhile."}


def add_problems(result: Schema, **_: Any) -> Schema:
    """A drf-spectacular post-processing hook: every operation with the errors it may answer."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status, description in _problems_of(path, method).items():
                operation["responses"].setdefault(status, _response(description))
    return result


def add_raw_images(result: Schema, **_: Any) -> Schema:
    """A drf-spectacular post-processing hook: a raw image body is bytes, not an object."""
    for operations in result["paths"].values():
        for operation in operations.values():
            content = operation.get("requestBody", {}).get("content", {})
            if "image/*" in content:
                content["image/*"] = {"schema": {"type": "string", "format": "binary"}}
    return result


def forget_database_ranges(result: Schema, **_: Any) -> Schema:
    """A drf-spectacular post-processing hook: how large a number the database's columns hold is
    not part of the contract, and differs from one database to another."""
    for schema in result["components"]["schemas"].values():
        for field in schema.get("properties", {}).values():
            if isinstance(field, dict) and field.get("type") == "integer":
                _forget_range(field)
    return result


def _forget_range(field: Schema) -> None:
    if field.get("maximum", 0) >= SMALLINT_MAX:
        del field["maximum"]
    if field.get("minimum", 0) <= -SMALLINT_MAX:
        del field["minimum"]
    field.pop("format", None)


def _problems_of(path: str, method: str) -> dict[str, str]:
    problems = dict(ALWAYS)
    if "{" in path:
        problems |= NAMED
    if method == "post":
        problems |= CREATING
    if method in {"patch", "delete"}:
        problems |= CHANGING
    return problems


def _response(description: str) -> Schema:
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": description, "content": {"application/problem+json": reference}}
