"""How many requests a key, a user or an address may make, and how they are told."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, ClassVar

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from recognition.core.configuration import recognition_settings
from recognition.core.networks import network_of

if TYPE_CHECKING:
    # DRF's views import this module.
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


class Throttle(SimpleRateThrottle):
    """A sliding window that leaves ``RateLimit`` headers (IETF httpapi, draft 10) behind."""

    name: ClassVar[str]

    num_requests: int
    duration: int

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Without a cache to count in, everybody is let in rather than nobody."""
        try:
            return super().allow_request(request, view)
        except Exception:
            # Each cache has errors of its own.
            logger.exception("requests are not counted: the cache does not answer")
            return True

    @property
    def headers(self) -> dict[str, str]:
        """What to tell the caller; nothing where this throttle does not count the request."""
        if not hasattr(self, "history"):
            return {}
        left = max(0, self.num_requests - len(self.history))
        resets = self.duration - (self.now - self.history[-1]) if self.history else self.duration
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.num_requests};w={self.duration}',
            "RateLimit": f'"{self.name}";r={left};t={max(0, round(resets))}',
        }


class CallerThrottle(Throttle):
    """A user, by whichever of their keys or in the browser: more keys are no more requests."""

    name = "caller"
    scope = "caller"

    def get_rate(self) -> str:
        return recognition_settings().rate_per_caller

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return f"throttle_user_{request.user.pk}" if request.user.is_authenticated else None


class AddressThrottle(Throttle):
    """Whoever comes without a valid key or session."""

    name = "address"
    scope = "address"

    def get_rate(self) -> str:
        return recognition_settings().rate_per_address

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if request.user.is_authenticated:
            return None
        return f"throttle_address_{network_of(self.get_ident(request) or '')}"
