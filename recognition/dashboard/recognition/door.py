"""Door mode: a browser that only recognises, by a key of its own, and leaves all else closed.

Locking signs its user out and leaves the browser's session with nothing but a key that is bound to
one gallery. It ends when the key is revoked or expires, or its user leaves the gallery.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from recognition.core.errors import CategoryNotFound, GalleryNotFound, InvalidKey, NoRegion
from recognition.dashboard.access import member, user_of
from recognition.dashboard.counting import count
from recognition.dashboard.pages import page
from recognition.dashboard.uploads import image_of
from recognition.models import ApiKey, Gallery, Scope
from recognition.selectors.api_keys import door_key
from recognition.selectors.categories import get_category
from recognition.selectors.galleries import get_gallery
from recognition.services.api_keys.issue_key import issue_key
from recognition.services.api_keys.note_key_use import note_key_use
from recognition.services.recognition.identify import identify
from recognition.services.recognition.verify import verify

SESSION = "door"
LASTS = timedelta(days=365)

DoorView = Callable[[HttpRequest, Gallery], HttpResponseBase]


@member
@require_POST
def lock(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """Make this browser a door of the gallery, and sign its user out."""
    name = f"Door {timezone.now():%Y-%m-%d %H:%M}"
    key, _ = issue_key(
        user=user_of(request),
        name=name,
        scopes=[Scope.IDENTIFY],
        galleries=[gallery],
        expires_at=timezone.now() + LASTS,
    )
    logout(request)
    request.session[SESSION] = key.prefix
    request.session.set_expiry(LASTS)
    return redirect("dashboard:door", gallery.slug)


def at_the_door(view: DoorView) -> Callable[..., HttpResponseBase]:
    """Give the view the gallery of the door's key, for which it acts. Raises InvalidKey."""

    @wraps(view)
    def check(request: HttpRequest, /, gallery: str) -> HttpResponseBase:
        key = _key(request, gallery)
        request.user = key.user
        request.auth = key  # type: ignore[attr-defined]
        return view(request, get_gallery(key.user, gallery))

    return check


def _key(request: HttpRequest, gallery: str) -> ApiKey:
    key = door_key(request.session.get(SESSION, ""), gallery)
    if key is None:
        raise InvalidKey("This door was switched off. Sign in to switch it on again.")
    try:
        get_gallery(key.user, gallery)
    except GalleryNotFound:
        raise InvalidKey("This door was switched off.") from None
    return key


@at_the_door
@require_safe
def door(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """The camera, a field for a badge or a name, and the verdict."""
    return page(request, "dashboard/door.html", gallery)


@at_the_door
@require_POST
def ask(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """The verdict on a photo, of whoever was named or of anybody; kept unless it is a glance."""
    count(request)
    note_key_use(request.auth)  # type: ignore[attr-defined]
    data, keep = image_of(request), "glance" not in request.POST
    named, user = request.POST.get("name", "").strip(), user_of(request)
    try:
        if named:
            category = get_category(gallery, named)
            answer = verify(
                gallery=gallery, category=category.slug, data=data, user=user, keep=keep
            )
        else:
            answer = identify(gallery=gallery, data=data, user=user, keep=keep).answer
    except NoRegion:
        return page(request, "dashboard/parts/glance_nothing.html", gallery)
    except CategoryNotFound:
        refused = page(request, "dashboard/parts/glance_nobody.html", gallery, named=named)
        refused.status_code = CategoryNotFound.status
        return refused
    template = "glance_verified" if named else "glance"
    return page(request, f"dashboard/parts/{template}.html", gallery, answer=answer)


@require_POST
def leave(request: HttpRequest, gallery: str) -> HttpResponse:
    """Forget the door; its key stays until it is revoked."""
    request.session.flush()
    return redirect("dashboard:gallery", gallery)
