"""The ends of the scale on which an answer's scores are drawn."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def lowest_score(answer: dict[str, Any]) -> float:
    return min(0.0, *_scores(answer))


@register.filter
def highest_score(answer: dict[str, Any]) -> float:
    return max(_scores(answer)) * 1.05 or 1.0


def _scores(answer: dict[str, Any]) -> list[float]:
    return [answer["threshold"]["score"], *(each["score"] for each in answer["candidates"])]
