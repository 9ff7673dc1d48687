"""Boxes as callers give them, and as they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from recognition.client.answers import Box

BoxGiven: TypeAlias = Box | Sequence[float] | str
"""A box of an answer, its four numbers, or them as text: x, y, width and height in pixels."""

Regions: TypeAlias = Literal["one", "all", "whole"]


def box_text(box: BoxGiven | None) -> str | None:
    """Return a box as it is sent. Raises ValueError where there are not four numbers."""
    if box is None:
        return None
    if isinstance(box, Box):
        box = (box.x, box.y, box.width, box.height)
    numbers = [float(each) for each in (box.split(",") if isinstance(box, str) else box)]
    if len(numbers) != 4:
        raise ValueError("A box is four numbers: x, y, width, height.")
    return ",".join(f"{number:g}" for number in numbers)
