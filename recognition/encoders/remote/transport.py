"""Requests to a server that runs an encoder, sent again where that can help."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import httpx

from recognition.core.errors import EncoderError, RemoteUnavailable
from recognition.encoders.remote.contract import Remote

_TIMEOUT = httpx.Timeout(20.0, connect=3.0)
_PAUSES = (0.1, 0.4)
"""Seconds before each further try. A request computes and changes nothing, so it may run twice."""

_PASSING = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}


class Transport:
    """One server's connections, kept open; safe to share by threads.

    Raises RemoteUnavailable where the server cannot be reached, is too slow or busy or lacks the
    model, EncoderError where it refuses or answers something else than the protocol says.
    """

    def __init__(self, remote: Remote, timeout: httpx.Timeout = _TIMEOUT) -> None:
        self._remote = remote
        self._http = httpx.Client(timeout=timeout)

    def get(self) -> Any:
        """Fetch the model's metadata."""
        return self._json(self._http.build_request("GET", self._remote.url))

    def check_ready(self) -> None:
        self._answer(self._http.build_request("GET", f"{self._remote.url}/ready"))

    def infer(self, body: dict[str, Any]) -> Any:
        return self._json(self._http.build_request("POST", f"{self._remote.url}/infer", json=body))

    def _json(self, request: httpx.Request) -> dict[str, Any]:
        try:
            answer = self._answer(request).json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise EncoderError(f"{self._remote} does not speak the Open Inference Protocol.")
        return answer

    def _answer(self, request: httpx.Request) -> httpx.Response:
        try:
            response = _patiently(lambda: self._http.send(request))
        except httpx.HTTPError as error:
            raise RemoteUnavailable(f"{self._remote} cannot be reached: {error!r}") from error
        if response.is_success:
            return response
        message = f"{self._remote} answered {response.status_code}: {response.text[:200]}"
        if response.status_code == HTTPStatus.NOT_FOUND or _passes(response):
            raise RemoteUnavailable(message)
        raise EncoderError(message)


def _patiently(send: Callable[[], httpx.Response]) -> httpx.Response:
    for pause in _PAUSES:
        try:
            response = send()
        except (httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            pass  # a timeout is not among them: another would let the caller wait too long
        else:
            if response.status_code not in _PASSING:
                return response
        time.sleep(pause)
    return send()


def _passes(response: httpx.Response) -> bool:
    return response.status_code in _PASSING or response.is_server_error
