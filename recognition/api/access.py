"""The gallery that an address names, for a caller who may see it."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from recognition.api.base import ApiView
from recognition.api.conditional import is_conditional, require_match
from recognition.api.permissions import READING
from recognition.models import Category, Gallery, Reference
from recognition.selectors.categories import get_category, get_reference
from recognition.selectors.galleries import get_gallery, require_curator
from recognition.services.change_log import lock_gallery


@runtime_checkable
class Shown(Protocol):
    """A view that shows what it changes."""

    def get(self, request: Request, **kwargs: str) -> Response: ...


class GalleryView(ApiView):
    """A view below a gallery. Changing its support set takes a curator."""

    gallery: Gallery
    curators_change = True

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """What must match is looked at and changed in one transaction."""
        if not (is_conditional(request) and isinstance(self, Shown)):
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            if response.status_code >= status.HTTP_400_BAD_REQUEST:
                transaction.set_rollback(True)
            return response

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        self.gallery = get_gallery(request.user, self.kwargs["gallery"], key=self.key)
        if self.curators_change and request.method not in READING:
            require_curator(request.user, self.gallery)
        if is_conditional(request) and isinstance(self, Shown):
            self.gallery = lock_gallery(self.gallery)
            require_match(request, lambda: self.get(request, **self.kwargs).data)

    def accepted(self, answer: Any, view: str, **named: str) -> Response:
        """What goes on in the background, with the address at which it is followed: the view's,
        with ``named`` beside what this address names."""
        address = reverse(f"api:{view}", kwargs={**self.kwargs, **named}, request=self.request)
        return Response(answer, status=status.HTTP_202_ACCEPTED, headers={"Location": address})

    @property
    def category(self) -> Category:
        return get_category(self.gallery, self.kwargs["category"])

    @property
    def reference(self) -> Reference:
        return get_reference(self.gallery, self.kwargs["reference"])
