"""A page of a gallery: what all of them show, and what its reader may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import trigger_client_event

from recognition.dashboard.navigation import menu_for
from recognition.models import Gallery, Role
from recognition.selectors.galleries import role_in


def page(
    request: HttpRequest, template: str, gallery: Gallery, *, here: str = "", **context: Any
) -> HttpResponse:
    """Render a gallery's page; ``here`` is the name of the address that the menu has for it."""
    role = role_in(request.user, gallery)
    owns = role is Role.OWNER
    curates = role is not None and role.may_curate
    menu = menu_for(role)
    shown = {
        "gallery": gallery,
        "here": here,
        "menu": menu.items(),
        "at_hand": [entry for entries in menu.values() for entry in entries if entry.at_hand],
        "curates": curates,
        "owns": owns,
    }
    return render(request, template, shown | context)


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks, which takes a part of a page; on the way back it takes the whole."""
    restores = request.headers.get("HX-History-Restore-Request") == "true"
    return request.headers.get("HX-Request") == "true" and not restores


def announce(response: HttpResponse, words: str) -> HttpResponse:
    """Have a screen reader say what has been decided."""
    return trigger_client_event(response, "announce", {"value": words})
