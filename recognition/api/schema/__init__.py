"""What drf-spectacular cannot see: errors, headers, and bodies that are images."""

from __future__ import annotations

from typing import Any

from recognition.api.schema.bodies import gather_parts, tell_bodies_apart
from recognition.api.schema.examples import add_example
from recognition.api.schema.headers import HEADERS
from recognition.api.schema.health import PATHS
from recognition.api.schema.problems import PROBLEM
from recognition.api.schema.values import tidy_values

Schema = dict[str, Any]


def complete(result: Schema, **_: Any) -> Schema:
    """A drf-spectacular post-processing hook."""
    components = result["components"]
    components["schemas"]["Problem"] = PROBLEM
    components["headers"] = HEADERS
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            tell_bodies_apart(operation, components["schemas"])
            _describe_path(path, operation)
            add_example(path, method, operation)
            if method == "patch":
                _close(operation, components["schemas"])
    result["paths"] |= PATHS
    gather_parts(components["schemas"])
    tidy_values(components["schemas"])
    return result


NAMES = {
    "gallery": "A gallery's slug.",
    "category": "A category's slug, external id or name.",
    "reference": "A reference's id.",
    "negative": "A negative's id.",
    "query": "A query's id.",
    "job": "A job's id.",
    "webhook": "A webhook's id.",
    "evaluation": "An evaluation's id.",
    "change": "An encoder change's id.",
}


def _close(operation: Schema, schemas: Schema) -> None:
    """A change names nothing but what can be changed."""
    for body in operation["requestBody"]["content"].values():
        schemas[body["schema"]["$ref"].rpartition("/")[2]]["additionalProperties"] = False


def _describe_path(path: str, operation: Schema) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path" and parameter["name"] in NAMES:
            parameter.setdefault("description", NAMES[parameter["name"]])
        elif parameter["name"] == "format":
            parameter.setdefault("description", "`zip`, or `json` for errors alone.")
