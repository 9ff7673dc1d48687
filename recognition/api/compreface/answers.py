"""This product's answers in CompreFace's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from recognition.models import Reference

Answer = dict[str, Any]


def example_answer(reference: Reference) -> Answer:
    """Return an example: the reference and the name of its category."""
    return {"image_id": reference.public_id, "subject": reference.category.name}


def recognised_answer(
    regions: Sequence[Mapping[str, Any]], *, limit: int, least: float, landmarks: bool
) -> list[Answer]:
    """Return the faces of a photo with their subjects, the largest first; a ``limit`` of 0 sets
    none. ``least`` is the detection's score below which a face is left out.
    """
    return [
        {
            **_face(region, landmarks=landmarks),
            "subjects": [
                {"subject": each["name"], "similarity": _similarity(each)}
                for each in region["candidates"]
            ],
            "oneshot": {name: region[name] for name in ("decision", "category", "confidence")},
        }
        for region in _chosen(regions, limit, least)
    ]


def verified_answer(
    regions: Sequence[Mapping[str, Any]],
    subject: str,
    *,
    limit: int,
    least: float,
    landmarks: bool,
) -> list[Answer]:
    """Return the faces of a photo, each compared with one subject."""
    return [
        {
            **_face(region, landmarks=landmarks),
            "subject": subject,
            "similarity": _similarity(region["candidate"]),
            "oneshot": {"accepted": region["accepted"]},
        }
        for region in _chosen(regions, limit, least)
    ]


def _chosen(
    regions: Sequence[Mapping[str, Any]], limit: int, least: float
) -> list[Mapping[str, Any]]:
    sure = [each for each in regions if each["score"] is None or each["score"] >= least]
    sure.sort(key=lambda each: -each["box"]["width"] * each["box"]["height"])
    return sure[:limit] if limit else sure


def _face(region: Mapping[str, Any], *, landmarks: bool) -> Answer:
    box = region["box"]
    face: Answer = {
        "box": {
            "probability": region["score"],
            "x_min": round(box["x"]),
            "y_min": round(box["y"]),
            "x_max": round(box["x"] + box["width"]),
            "y_max": round(box["y"] + box["height"]),
        }
    }
    if landmarks:
        face["landmarks"] = [[round(x), round(y)] for x, y in region["landmarks"]]
    return face


def _similarity(candidate: Mapping[str, Any]) -> float:
    """Return the confidence, which is what a client's threshold means: CompreFace's similarity is
    no cosine either, but a logistic curve over distances."""
    return round(float(candidate["confidence"] or 0.0), 5)
