"""A body for each call that takes JSON, which the tests send."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFUlEQVR42mP8//8/AzbAxIADDE4JAFbUAw3/dxQWAA"
    "AAAElFTkSuQmCC"
)
"""The smallest image that says nothing: a white square in base64."""

EXAMPLES: dict[tuple[str, str], Schema] = {
    ("post", "galleries/"): {"name": "Office", "target_far": 0.01},
    ("patch", "galleries/{gallery}/"): {"description": "What lies on our desks."},
    ("post", "categories/"): {
        "name": "Red kite",
        "external_id": "bird-17",
        "prompts": ["a red kite with a forked tail"],
        "metadata": {"shelf": 4},
    },
    ("patch", "categories/{category}/"): {"name": "Kite", "prompts": ["a kite in the sky"]},
    ("post", "merges/"): {"categories": ["cat"], "into": "cat"},
    ("post", "references/"): {"category": "mug", "create": True, "image": DOT},
    ("post", "negatives/"): {"image": [DOT], "force": False},
    ("post", "identify/"): {"image": DOT, "top_k": 3, "far": 0.01, "explain": True},
    ("post", "verify/"): {"image": DOT, "category": "cat"},
    ("post", "search/"): {"text": "a cup of coffee", "limit": 5},
    ("post", "feedback/"): {"verdict": "it_is", "category": "cat"},
    ("post", "confirm/"): {"encoding": "cp932"},
    ("post", "evaluations/"): {"far": 0.01, "seed": 1},
    ("post", "webhooks/"): {
        "url": "https://example.com/oneshot",
        "events": ["match", "job.finished"],
    },
    ("patch", "webhooks/{webhook}/"): {"active": False},
    ("post", "encoder-changes/"): {"encoder": "bundled"},
    ("post", "classify/"): {"image": DOT, "labels": ["a cat", "a cup of coffee"]},
    ("post", "embed/"): {"text": "a cup of coffee"},
}
"""By method and by how the address ends."""


def add_example(path: str, method: str, operation: Schema) -> None:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is None:
        return
    ends = [end for each, end in EXAMPLES if each == method and path.endswith(f"/{end}")]
    if ends:
        body["examples"] = {"example": {"value": EXAMPLES[method, max(ends, key=len)]}}
