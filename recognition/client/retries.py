"""When to send a request again, and after how long."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

STATUSES = frozenset({429, 502, 503, 504})
FAILURES = (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError)


@dataclass(frozen=True, slots=True)
class Retries:
    """Exponential backoff with full jitter (Brooker 2015), or the service's own ``Retry-After``.

    ``most`` is how often a request is sent again at most; times are in seconds. A wait longer
    than ``longest`` that the service asks for is not waited: the error is raised at once.
    """

    most: int = 4
    first: float = 0.5
    longest: float = 60.0

    def after(self, retry: int, response: httpx.Response | None) -> float | None:
        """How long to wait before retry number ``retry``, from 1; null for not again.

        ``response`` is null where the connection failed.
        """
        if retry > self.most or not (response is None or _passing(response)):
            return None
        asked = None if response is None else retry_after(response)
        if asked is not None:
            return asked if asked <= self.longest else None
        ceiling = min(self.longest, self.first * 2 ** (retry - 1))
        return random.uniform(0, ceiling)  # noqa: S311 - spreads load, keeps no secret


def retry_after(response: httpx.Response) -> float | None:
    """Seconds of the ``Retry-After`` header, which holds a number or a date (RFC 9110, 10.2.3)."""
    header = response.headers.get("Retry-After", "").strip()
    if header.isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _passing(response: httpx.Response) -> bool:
    """The service asks for a wait only where it may help, whatever the status."""
    return response.status_code in STATUSES or "Retry-After" in response.headers
