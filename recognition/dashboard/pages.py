"""A page of a gallery: what all of them show, and what its reader may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import trigger_client_event

from recognition.models import Gallery, Role
from recognition.selectors.galleries import role_in

TABS = {
    "dashboard:identify": "Identify",
    "dashboard:gallery": "Categories",
    "dashboard:search": "Search",
    "dashboard:verify": "Verify",
    "dashboard:queries": "History",
}
CURATORS_TABS = {"dashboard:imports": "Import"}
OWNERS_TABS = {"dashboard:settings": "Settings"}


def page(
    request: HttpRequest, template: str, gallery: Gallery, *, here: str = "", **context: Any
) -> HttpResponse:
    """Render a gallery's page; ``here`` is the name of the address that its tab leads to."""
    role = role_in(request.user, gallery)
    owns = role is Role.OWNER
    curates = role is not None and role.may_curate
    tabs = TABS | (CURATORS_TABS if curates else {}) | (OWNERS_TABS if owns else {})
    shown = {
        "gallery": gallery,
        "here": here,
        "tabs": tabs.items(),
        "curates": curates,
        "owns": owns,
    }
    return render(request, template, shown | context)


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks, which takes a part of a page."""
    return request.headers.get("HX-Request") == "true"


def announce(response: HttpResponse, words: str) -> HttpResponse:
    """Have a screen reader say what has been decided."""
    return trigger_client_event(response, "announce", {"value": words})
