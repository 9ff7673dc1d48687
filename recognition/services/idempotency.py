"""The first answer again, for a request that is sent again."""

from __future__ import annotations

import hashlib
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from recognition.core.errors import IdempotencyInProgress, IdempotencyKeyReused, InvalidInput
from recognition.models import IdempotentRequest
from recognition.services.heartbeat import heartbeat

MAX_KEY_LENGTH = 200
ABANDONED = timedelta(minutes=5)
"""After which a request that is not heard of any more is taken to have died with its process."""

KEPT = timedelta(days=1)
WAIT_SECONDS = 20.0
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    status: int
    answer: Any
    location: str


def begin(
    *, user: User, key: str, digest: str, caller: str = "session"
) -> IdempotentRequest | FirstAnswer:
    """Claim a key, or wait for the answer of the request that has it.

    Each ``caller``, a session or an API key of the user's, has keys of its own: what one was told
    is not for another, which may be bound to other galleries.

    Raises IdempotencyKeyReused where it was another request, IdempotencyInProgress where that one
    takes too long.
    """
    if not 0 < len(key) <= MAX_KEY_LENGTH:
        raise InvalidInput(f"An Idempotency-Key has 1 to {MAX_KEY_LENGTH} characters.")
    key = key_of(caller, key)
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        outcome = _claim(user, key, digest)
        if outcome is not None:
            return outcome
        if time.monotonic() > deadline:
            raise IdempotencyInProgress("The first request with this key is still running.")
        time.sleep(_PAUSE_SECONDS)


def key_of(caller: str, key: str) -> str:
    return hashlib.sha256(f"{caller}\0{key}".encode(errors="surrogateescape")).hexdigest()


def still_running(request: IdempotentRequest) -> AbstractContextManager[None]:
    """Hold the claim while the block runs, however long it takes; at most as long as an answer
    would be kept.
    """
    row = IdempotentRequest.objects.filter(pk=request.pk, status=None)
    return heartbeat(
        lambda: bool(row.update(started_at=timezone.now())),
        every=ABANDONED.total_seconds() / 4,
        longest=KEPT.total_seconds(),
    )


def finish(
    request: IdempotentRequest, *, status: int, answer: Any = None, location: str = ""
) -> None:
    """Keep a successful answer; after an error the key may be used again. A request that was
    taken to have died has no row any more, and leaves that of the next alone.
    """
    row = IdempotentRequest.objects.filter(pk=request.pk)
    if 200 <= status < 300:
        row.update(status=status, answer=answer, location=location)
    else:
        row.delete()


def forget_old_requests() -> int:
    deleted, _ = IdempotentRequest.objects.filter(started_at__lt=timezone.now() - KEPT).delete()
    return deleted


def _claim(user: User, key: str, digest: str) -> IdempotentRequest | FirstAnswer | None:
    """The claimed row, the first answer, or None while the first request runs."""
    now = timezone.now()
    try:
        with transaction.atomic():
            return IdempotentRequest.objects.create(
                user=user, key=key, digest=digest, started_at=now
            )
    except IntegrityError:
        first = IdempotentRequest.objects.filter(user=user, key=key).first()
    if first is None:
        return None
    if first.digest != digest:
        raise IdempotencyKeyReused("This Idempotency-Key was used for another request.")
    if first.status is not None:
        return FirstAnswer(first.status, first.answer, first.location)
    if first.started_at < now - ABANDONED:
        IdempotentRequest.objects.filter(pk=first.pk, started_at=first.started_at).delete()
    return None
