"""Numbers that come with a request."""

from __future__ import annotations

from recognition.services.limits import checked_far


def page_number(given: str) -> int:
    """1 where it is none."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 1


def false_accept_rate(given: str) -> float:
    """Raises InvalidInput."""
    try:
        rate = float(given)
    except ValueError:
        rate = 0.0
    checked_far(rate)
    return rate
