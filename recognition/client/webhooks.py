"""Who is told of a gallery's events, and what was sent to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of ``events``; ``active`` is false where it is switched off, or
    wanted no more of them.
    """

    id: str
    url: str
    events: tuple[str, ...]
    active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewWebhook(Webhook):
    """With the ``secret`` that messages are signed with, which is not shown again."""

    secret: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message, sent ``attempts`` times so far. ``state`` is pending, delivered or failed.

    ``body`` is what is sent, as text; ``response_status`` and ``error`` are of the last attempt.
    """

    id: str
    event: str
    state: str
    attempts: int
    response_status: int | None
    error: str
    body: str
    created_at: datetime
    next_attempt_at: datetime | None
    delivered_at: datetime | None
