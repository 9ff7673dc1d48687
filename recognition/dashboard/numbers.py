"""Numbers that come with a request."""

from __future__ import annotations

from recognition.core.errors import InvalidInput


def page_number(given: str) -> int:
    """1 where it is none."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 1


def false_accept_rate(given: str) -> float:
    """Raises InvalidInput."""
    try:
        rate = float(given)
    except ValueError:
        rate = 0.0
    if not 1e-6 <= rate <= 0.5:
        raise InvalidInput("A false-accept rate is between 0.000001 and 0.5.")
    return rate
