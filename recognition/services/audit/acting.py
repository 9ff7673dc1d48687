"""Who is at work: a person, a program by its key, or the operator at the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.contrib.auth.models import User

from recognition.models import ApiKey


@dataclass(frozen=True, slots=True)
class Actor:
    """``key`` is empty for a person; nobody but the operator has no user and no key."""

    user: User | None = None
    key: str = ""
    request: str = ""
    is_operator: bool = False


OPERATOR = Actor(is_operator=True)

_actor: ContextVar[Callable[[], Actor]] = ContextVar("actor", default=lambda: OPERATOR)


@contextmanager
def acting(actor: Callable[[], Actor]) -> Iterator[None]:
    """Have what is done within the block be done by an actor, who is asked for when it matters."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def actor_for(user: User | None = None) -> Actor:
    """Return who is at work. A user whom only the operator names acts for themselves."""
    actor = _actor.get()()
    return Actor(user=user) if actor.is_operator and user is not None else actor


def key_name(key: ApiKey) -> str:
    """Return the name by which a key is told from others once it is gone."""
    return f"{key.name} ({key.prefix})"
