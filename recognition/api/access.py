"""The gallery that an address names, for a caller who may see it."""

from __future__ import annotations

from rest_framework.request import Request

from recognition.api.base import ApiView
from recognition.api.permissions import READING
from recognition.models import Category, Gallery, Reference
from recognition.selectors.categories import get_category, get_reference
from recognition.selectors.galleries import get_gallery, require_curator


class GalleryView(ApiView):
    """A view below a gallery. Changing its support set takes a curator."""

    gallery: Gallery
    curators_change = True

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        self.gallery = get_gallery(request.user, self.kwargs["gallery"], key=self.key)
        if self.curators_change and request.method not in READING:
            require_curator(request.user, self.gallery)

    @property
    def category(self) -> Category:
        return get_category(self.gallery, self.kwargs["category"])

    @property
    def reference(self) -> Reference:
        return get_reference(self.gallery, self.kwargs["reference"])
