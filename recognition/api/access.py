"""The gallery that an address names, for a caller who may see it."""

from __future__ import annotations

from django.contrib.auth.models import User
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from recognition.models import Category, Gallery, Reference
from recognition.selectors.categories import get_category, get_reference
from recognition.selectors.galleries import get_gallery, require_curator


def signed_in(request: Request) -> User:
    """The caller of a view that takes no anonymous ones."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


READING = {"GET", "HEAD", "OPTIONS"}


class GalleryView(APIView):
    """A view below a gallery. Changing its support set takes a curator."""

    gallery: Gallery
    curators_change = True

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        self.gallery = get_gallery(request.user, self.kwargs["gallery"])
        if self.curators_change and request.method not in READING:
            require_curator(request.user, self.gallery)

    @property
    def category(self) -> Category:
        return get_category(self.gallery, self.kwargs["category"])

    @property
    def reference(self) -> Reference:
        return get_reference(self.gallery, self.kwargs["reference"])
