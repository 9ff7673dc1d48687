"""Sending one operation, with its retries: every decision, and none of the I/O."""

from __future__ import annotations

import os
import uuid
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Generic, Self, TypedDict, TypeVar

import httpx

from recognition.client.errors import ConnectionFailed, OneshotError, error_of
from recognition.client.operation import Operation
from recognition.client.retries import FAILURES, Retries

T = TypeVar("T")

URL_VARIABLE = "ONESHOT_URL"
KEY_VARIABLE = "ONESHOT_API_KEY"
DEFAULT_URL = "http://localhost:8000"
CONNECT_SECONDS = 10.0


class HttpOptions(TypedDict):
    base_url: str
    headers: dict[str, str]
    timeout: httpx.Timeout


def http_options(base_url: str | None, api_key: str | None, timeout: float) -> HttpOptions:
    """What both of httpx's clients are made with; the environment has what is not given.

    Raises ConnectionFailed for an address to which nothing could ever connect.
    """
    url = _address(base_url or os.environ.get(URL_VARIABLE) or DEFAULT_URL)
    key = api_key or os.environ.get(KEY_VARIABLE)
    headers = {
        "Accept": "application/json, application/problem+json",
        "User-Agent": f"oneshot-client/{version('oneshot-recognition')}",
    }
    if key:
        headers["Authorization"] = f"Bearer {key}"
    return {
        "base_url": f"{url}/api/v1/",
        "headers": headers,
        "timeout": httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS)),
    }


def _address(given: str) -> str:
    try:
        url = httpx.URL(given)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in {"http", "https"} or not url.host:
        raise ConnectionFailed(f"{given!r} is no address; give one such as {DEFAULT_URL}.")
    return given.rstrip("/")


class Exchange(Generic[T]):
    """One operation on its way. Use as a context: it opens the files that are sent."""

    def __init__(self, operation: Operation[T], retries: Retries) -> None:
        self._operation = operation
        self._retries = retries
        self._sent = 0
        self._unanswered = False
        self._headers = {"Idempotency-Key": str(uuid.uuid4())} if operation.creates else {}
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._parts = [upload.open(self._opened) for upload in self._operation.uploads]
        except BaseException:
            self._opened.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def request(self, http: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """The next attempt; all of one operation carry the same ``Idempotency-Key``."""
        self._sent += 1
        operation = self._operation
        return http.build_request(
            operation.method,
            operation.path,
            params=operation.params,
            json=operation.json,
            data=operation.form or None,
            files=self._parts or None,
            headers=self._headers,
        )

    def saves(self, response: httpx.Response) -> Path | None:
        """The file that the body goes to rather than into memory."""
        return self._operation.save_to if response.is_success else None

    def pause_after(self, response: httpx.Response) -> float | None:
        """Seconds to wait before the next attempt; null for success. Raises OneshotError."""
        if response.is_success or self._is_deleted(response):
            return None
        return self._pause(self._retries.after(self._sent, response), error_of(response))

    def pause_after_failure(self, error: httpx.RequestError) -> float:
        """Seconds to wait before the next attempt. Raises ConnectionFailed."""
        self._unanswered = True
        again = isinstance(error, FAILURES)
        pause = self._retries.after(self._sent, None) if again else None
        return self._pause(pause, ConnectionFailed(_reason(error)))

    def result(self, response: httpx.Response) -> T:
        return self._operation.parse(response)

    def _pause(self, seconds: float | None, error: OneshotError) -> float:
        if seconds is None:
            raise error
        return seconds

    def _is_deleted(self, response: httpx.Response) -> bool:
        """Nothing is left to delete, since an attempt whose answer was lost had done it."""
        gone = response.status_code == httpx.codes.NOT_FOUND
        return gone and self._unanswered and self._operation.method == "DELETE"


def _reason(error: httpx.RequestError) -> str:
    origin = error.request.url.copy_with(path="/", query=None)
    return f"No answer from {origin}: {error or type(error).__name__}."
