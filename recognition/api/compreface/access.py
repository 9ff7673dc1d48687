"""Who calls, and which gallery of faces their key stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.authentication import caller_of
from recognition.api.base import ApiView
from recognition.api.errors import handle
from recognition.api.fields import LenientMultiPartParser
from recognition.api.parsing import ImageJSONParser
from recognition.api.permissions import READING
from recognition.core.configuration import recognition_settings
from recognition.core.errors import InvalidInput
from recognition.core.types import Domain
from recognition.models import ApiKey, Gallery, Scope
from recognition.selectors.galleries import require_curator, visible_galleries

NO_FACE_FOUND = 28
"""CompreFace's own number of this error, which clients look for."""

UNDEFINED = 0
"""Its number of errors that have none."""


class CompreFaceKey(BaseAuthentication):
    """``x-api-key: <key>``."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        secret = request.headers.get("x-api-key", "")
        return caller_of(secret) if secret else None

    def authenticate_header(self, request: Request) -> str:
        return "x-api-key"


class CompreFaceView(ApiView):
    """A call about the gallery of faces that the caller's key is bound to."""

    schema = None
    authentication_classes = (CompreFaceKey,)
    parser_classes: tuple[type[Any], ...] = (LenientMultiPartParser, ImageJSONParser)
    gallery: Gallery
    curators_change = True

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        if not recognition_settings().compreface:
            raise Http404
        super().initial(request, *args, **kwargs)
        self.gallery = self._bound_gallery()
        if self.curators_change and request.method not in READING:
            require_curator(request.user, self.gallery)

    def _bound_gallery(self) -> Gallery:
        galleries = visible_galleries(self.user, key=self.key)
        found = list(galleries.filter(encoder__domain=Domain.FACES)[:2])
        if self.key is None or not self.key.is_bound or len(found) != 1:
            raise InvalidInput("Bind the key to one gallery of faces: it stands for the service.")
        return found[0]

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        return in_their_shape


def in_their_shape(error: Exception, context: dict[str, Any]) -> Response:
    """Answer with an error as CompreFace does, and with this product's stable code beside it."""
    ours = handle(error, context)
    code = ours.data["code"]
    number = NO_FACE_FOUND if code == "no_face" else UNDEFINED
    told = {"message": ours.data["detail"], "code": number, "oneshot_code": code}
    headers = {name: value for name, value in ours.items() if name.lower() != "content-type"}
    return Response(told, status=ours.status_code, headers=headers)


class Enrolling(CompreFaceView):
    scope = Scope.ENROL
