"""The addresses for load balancers and for Prometheus: no key, no version, no problem details."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def _path(name: str, description: str, responses: Schema) -> Schema:
    return {
        "get": {
            "operationId": name,
            "tags": ["service"],
            "security": [{}],
            "description": description,
            "responses": responses,
        }
    }


def _json(description: str, **properties: Schema) -> Schema:
    schema = {"type": "object", "properties": properties, "required": [*properties]}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _readiness(description: str, status: str) -> Schema:
    return _json(
        description,
        status={"const": status, "description": "The checks in a word."},
        checks={
            "type": "object",
            "description": "Each part that must be there, and whether it is.",
            "required": ["database", "migrations", "media", "encoder", "encoders"],
            "properties": {
                "database": {"type": "boolean", "description": "The database answers."},
                "migrations": {"type": "boolean", "description": "Its tables are this version's."},
                "media": {"type": "boolean", "description": "Images can be stored."},
                "encoder": {"type": "boolean", "description": "The encoder is loaded and warm."},
                "encoders": {
                    "type": "boolean",
                    "description": "The other encoders of galleries were loaded, or are named in "
                    "`degraded`.",
                },
            },
        },
        degraded={
            "type": "array",
            "items": {"type": "string"},
            "description": "What is wrong although most requests are answered: `worker_silent`, "
            "`index_behind`, or an encoder that some galleries need, with an error's code.",
        },
    )


_METRICS = {
    "description": "Counters and histograms in Prometheus's text format.",
    "content": {"text/plain": {"schema": {"type": "string"}}},
}

PATHS: Schema = {
    "/healthz": _path(
        "healthz",
        "Whether the process answers at all.",
        {"200": _json("It does.", status={"const": "ok", "description": "Always `ok`."})},
    ),
    "/readyz": _path(
        "readyz",
        "Whether the process can be sent requests.",
        {
            "200": _readiness("It can.", "ready"),
            "503": _readiness("Not yet, or not at present.", "not ready"),
        },
    ),
    "/metrics": _path(
        "metrics",
        "What the process has done, for Prometheus.",
        {
            "200": _METRICS,
            "404": {
                "description": "Without the operator's token, and not by the port of health checks."
            },
        },
    ),
}
