"""The gallery of a page, for whom may see it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote, urlsplit

from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from recognition.core.errors import InvalidInput
from recognition.dashboard.counting import count
from recognition.dashboard.pages import is_partial
from recognition.models import Gallery
from recognition.selectors.galleries import get_gallery, require_curator, require_owner

LOGIN = "account_login"

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
GalleryView = Callable[Concatenate[HttpRequest, Gallery, P], HttpResponseBase]


def signed_in(view: View[P]) -> Callable[..., HttpResponseBase]:
    """Have whoever has not signed in do so first; htmx leaves the page for that, rather than put
    the form into a part of it. What is sent counts among its sender's requests."""

    @wraps(view)
    def check(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            if request.method == "POST":
                count(request)
                _refuse_nul(request)
            return view(request, *args, **kwargs)
        if is_partial(request):
            back = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
            return HttpResponseClientRedirect(f"{reverse(LOGIN)}?next={quote(back)}")
        return redirect_to_login(request.get_full_path())

    return check


def _refuse_nul(request: HttpRequest) -> None:
    """PostgreSQL neither keeps one nor looks for it."""
    if any("\0" in value for _, values in request.POST.lists() for value in values):
        raise InvalidInput("The form holds a NUL: remove it.")


def member(view: GalleryView[P]) -> Callable[..., HttpResponseBase]:
    """Give the view the gallery that its address names, if its caller is a member."""

    @signed_in
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
