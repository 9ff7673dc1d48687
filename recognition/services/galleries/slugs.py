"""Addresses made from names."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.text import slugify

from recognition.core.errors import InvalidInput

MAX_LENGTH = 100


def free_slug(name: str, fallback: str, taken: Callable[[str], bool]) -> str:
    """Return the name's slug, numbered where it is taken."""
    stem = slugify(name)[: MAX_LENGTH - 6] or fallback
    if not taken(stem):
        return stem
    return next(slug for n in count(2) if not taken(slug := f"{stem}-{n}"))


def is_slug(text: str) -> bool:
    try:
        validate_slug(text)
    except ValidationError:
        return False
    return len(text) <= MAX_LENGTH


def checked_slug(slug: str) -> str:
    if not is_slug(slug):
        raise InvalidInput(f"A slug has 1 to {MAX_LENGTH} letters, digits, hyphens or underscores.")
    return slug
