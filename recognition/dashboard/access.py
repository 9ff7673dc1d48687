"""The gallery of a page, for whom may see it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase

from recognition.models import Gallery
from recognition.selectors.galleries import get_gallery, require_curator, require_owner

P = ParamSpec("P")
GalleryView = Callable[Concatenate[HttpRequest, Gallery, P], HttpResponseBase]


def member(view: GalleryView[P]) -> Callable[..., HttpResponseBase]:
    """Give the view the gallery that its address names, if its caller is a member."""

    @login_required
    @wraps(view)
    def check(
        request: HttpRequest, /, gallery: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        return view(request, get_gallery(request.user, gallery), *args, **kwargs)

    return check


def curator(view: GalleryView[P]) -> Callable[..., HttpResponseBase]:
    """The same, if its caller may change the gallery."""

    @wraps(view)
    def check(
        request: HttpRequest, gallery: Gallery, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        require_curator(request.user, gallery)
        return view(request, gallery, *args, **kwargs)

    return member(check)


def owner(view: GalleryView[P]) -> Callable[..., HttpResponseBase]:
    """The same, if the gallery is its caller's own."""

    @wraps(view)
    def check(
        request: HttpRequest, gallery: Gallery, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        require_owner(request.user, gallery)
        return view(request, gallery, *args, **kwargs)

    return member(check)


def user_of(request: HttpRequest) -> User:
    """The signed-in caller of a view that takes no other."""
    if not isinstance(request.user, User):
        raise TypeError("the view is open to callers who have not signed in")
    return request.user
