"""Single values, as the contract has them rather than as the code happens to keep them."""

from __future__ import annotations

from typing import Any

from recognition.api.inputs import WITHOUT_NUL

Schema = dict[str, Any]

SMALLINT_MAX = 2**15 - 1
SOMETIMES = {"burst", "errors", "explanation", "regions", "text"}
"""What only some answers have; any other field is always there, if only as null."""


def tidy_values(schemas: Schema) -> None:
    for name, schema in schemas.items():
        for field in schema.get("properties", {}).values():
            if field.get("type") == "integer" and not name.endswith("Request"):
                _forget_database_range(field)
            _join_blank(field)
        if "properties" in schema and not name.endswith("Request"):
            schema["required"] = sorted(schema["properties"].keys() - SOMETIMES)


def _forget_database_range(field: Schema) -> None:
    """How large a number a column holds differs from one database to another."""
    if field.get("maximum", 0) >= SMALLINT_MAX:
        del field["maximum"]
    if field.get("minimum", 0) <= -SMALLINT_MAX:
        del field["minimum"]
    field.pop("format", None)


def _join_blank(field: Schema) -> None:
    """A text that may be empty is one kind of value, not one of two."""
    match field.get("oneOf"):
        case [{"type": "string"} as text, {"maxLength": 0}]:
            del field["oneOf"]
            field |= {**text, "pattern": WITHOUT_NUL}
    if field.get("type") == "string" and field.pop("nullable", False):
        field["type"] = ["string", "null"]
