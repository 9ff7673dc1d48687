"""What every call has in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NoReturn

from django.contrib.auth.models import User
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from recognition.api.throttles import Throttle
from recognition.core.errors import (
    EncoderError,
    EncoderMismatch,
    GalleryNotFitted,
    IndexUnavailable,
    InvalidBox,
    PermissionRefused,
    RecognitionError,
    RegionsUnsupported,
    VectorError,
)
from recognition.models import ApiKey, Scope

EMBEDDING = (EncoderMismatch, EncoderError, VectorError)
"""What a call that embeds something may be refused with."""

MATCHING = (*EMBEDDING, IndexUnavailable, GalleryNotFitted)
"""What a call that compares an image with a gallery may be refused with."""


REGIONS = (InvalidBox, RegionsUnsupported)
"""What a call that takes a box may be refused with."""


class ApiView(APIView):
    """A call, and the scope that a key needs to make it; reading takes a key of any scope unless
    ``scope_to_read`` is set."""

    scope: ClassVar[Scope] = Scope.IDENTIFY
    scope_to_read: ClassVar[bool] = False

    raises: ClassVar[tuple[type[RecognitionError], ...]] = ()
    """What its changes may be refused with, besides what the address and the body tell."""

    shown_once: ClassVar[tuple[str, ...]] = ()
    """What of its answer is not kept to be replayed, such as a secret."""

    throttles: Sequence[Throttle] = ()

    def get_throttles(self) -> list[BaseThrottle]:
        throttles = super().get_throttles()
        self.throttles = [each for each in throttles if isinstance(each, Throttle)]
        return list(throttles)

    @property
    def user(self) -> User:
        if not isinstance(self.request.user, User):
            raise NotAuthenticated
        return self.request.user

    @property
    def key(self) -> ApiKey | None:
        return self.request.auth if isinstance(self.request.auth, ApiKey) else None

    def require_unbound(self) -> None:
        """A key that is bound to galleries makes no other, which it could not even see."""
        if self.key is not None and self.key.is_bound:
            raise PermissionRefused("This API key is bound to its galleries and makes no other.")

    def perform_authentication(self, request: Request) -> None:
        """Guessing keys counts against the address, although it never gets further."""
        try:
            super().perform_authentication(request)
        except AuthenticationFailed:
            self.check_throttles(request)
            raise

    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> NoReturn:
        self.check_throttles(request)
        super().permission_denied(request, message, code)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        final: Response = super().finalize_response(request, response, *args, **kwargs)
        for throttle in self.throttles:
            for name, value in throttle.headers.items():
                final[name] = value
        return final
