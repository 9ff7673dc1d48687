"""What goes wrong, as exceptions: the service's problem+json (RFC 9457), or no answer at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of a request."""

    field: str
    code: str
    detail: str


class OneshotError(Exception):
    """Base of all errors of this client.

    ``code`` is stable; ``status`` is the HTTP status, null where no answer came; ``request_id``
    is what the service's log knows the request by.
    """

    def __init__(
        self,
        detail: str,
        *,
        code: str,
        status: int | None = None,
        request_id: str | None = None,
        errors: tuple[FieldError, ...] = (),
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.status = status
        self.request_id = request_id
        self.errors = errors


class InvalidInput(OneshotError):
    """400, 413, 415, 422: sending the same again will not help."""


class InvalidKey(OneshotError):
    """401: no valid key."""


class PermissionRefused(OneshotError):
    """403: the key or its user may not do that."""


class NotFound(OneshotError):
    """404: not there, or not the caller's to see."""


class Conflict(OneshotError):
    """409, 412: not as things are now."""


class TooManyRequests(OneshotError):
    """429, still after all retries."""


class ServiceFailed(OneshotError):
    """500 and above, still after all retries."""


class ConnectionFailed(OneshotError):
    """No answer: the service could not be reached, or broke off."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, code="connection_failed")


class UnexpectedAnswer(OneshotError):
    """An answer that is not of the HTTP contract: another version, or another service."""

    def __init__(self, detail: str, *, status: int | None = None) -> None:
        super().__init__(detail, code="unexpected_answer", status=status)


class WaitedTooLong(OneshotError):
    """A job had not ended within the time that was given to it; it goes on."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, code="waited_too_long")


KINDS: Mapping[int, type[OneshotError]] = {
    400: InvalidInput,
    401: InvalidKey,
    403: PermissionRefused,
    404: NotFound,
    409: Conflict,
    412: Conflict,
    413: InvalidInput,
    415: InvalidInput,
    422: InvalidInput,
    429: TooManyRequests,
}


def error_of(response: httpx.Response) -> OneshotError:
    """The error that an answer which is no success tells of; its body has been read."""
    status = response.status_code
    problem = problem_of(response)
    if "code" not in problem:
        return UnexpectedAnswer(
            f"{response.request.method} {response.request.url} answered {status} "
            f"{response.reason_phrase}, without saying why; is this the service's address?",
            status=status,
        )
    kind = ServiceFailed if status >= 500 else KINDS.get(status, OneshotError)
    return kind(
        str(problem.get("detail") or problem.get("title") or status),
        code=str(problem["code"]),
        status=status,
        request_id=problem.get("request_id"),
        errors=tuple(
            FieldError(each["field"], each["code"], each["detail"])
            for each in problem.get("errors", ())
        ),
    )


def problem_of(response: httpx.Response) -> dict[str, Any]:
    """The problem+json object, or an empty one where a proxy answered in its own way."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
