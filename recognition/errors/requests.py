"""What is wrong with a request, whatever it asks for."""

from __future__ import annotations

from recognition.errors.base import Conflict, InvalidInput, RecognitionError


class InvalidCursor(InvalidInput):
    """A place in a list that is none of that list."""

    code = "invalid_cursor"


class PermissionRefused(RecognitionError):
    code = "permission_denied"
    status = 403
    title = "Not allowed"


class InvalidKey(RecognitionError):
    code = "invalid_key"
    status = 401
    title = "Not signed in"


class IdempotencyInProgress(Conflict):
    """The first request with the same key still runs."""

    code = "idempotency_in_progress"
    retryable = True


class IdempotencyKeyReused(RecognitionError):
    code = "idempotency_key_reused"
    status = 422
    title = "The key belongs to another request"


class PreconditionFailed(RecognitionError):
    """What the caller wanted to change is not as the caller last saw it."""

    code = "precondition_failed"
    status = 412
    title = "It has changed meanwhile"


class TooManyRequests(RecognitionError):
    code = "throttled"
    status = 429
    title = "Too many requests"
    retryable = True

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
