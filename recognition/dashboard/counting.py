"""What costs work is counted, together with what the same user asks of the API."""

from __future__ import annotations

from math import ceil
from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.views import APIView

from recognition.api.throttles import CallerThrottle
from recognition.core.errors import TooManyRequests


def count(request: HttpRequest, times: int = 1) -> None:
    """Count a request of a signed-in user, or so many. Raises TooManyRequests beyond its rate."""
    for _ in range(times):
        throttle = CallerThrottle()
        if not throttle.allow_request(cast(Request, request), APIView()):
            raise _too_many(throttle)


def _too_many(throttle: CallerThrottle) -> TooManyRequests:
    wait = ceil(throttle.wait() or 1)
    return TooManyRequests(
        f"No more than {throttle.num_requests} requests are taken in {throttle.duration} seconds; "
        f"go on in {wait}.",
        retry_after=wait,
    )
