"""What all errors have in common, and the kinds that others are kinds of."""

from __future__ import annotations

from typing import ClassVar


class RecognitionError(Exception):
    """Base of all errors that a caller may see.

    ``code`` never changes once published; ``retryable`` tells a client that the same request may
    succeed later, after ``retry_after`` seconds.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    retry_after: int = 5
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidInput(RecognitionError):
    code = "invalid_input"
    status = 400
    title = "The input is not valid"


class NotFound(RecognitionError):
    """Something that does not exist, or that the caller may not see: the two look the same."""

    code = "not_found"
    status = 404
    title = "Not found"


class Conflict(RecognitionError):
    code = "conflict"
    status = 409
    title = "Conflicts with what is there"
