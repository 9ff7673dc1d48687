"""What all pages of a gallery's settings have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from recognition.core.errors import RecognitionError
from recognition.dashboard.access import user_of
from recognition.dashboard.navigation import RANK
from recognition.dashboard.pages import page
from recognition.models import Gallery, Role
from recognition.selectors.galleries import require_owner, role_in

HERE = "dashboard:settings"


@dataclass(frozen=True, slots=True)
class Section:
    """``name`` is that of its address; ``least`` the role that sees it."""

    name: str
    label: str
    least: Role = Role.VIEWER


SECTIONS = (
    Section("dashboard:settings", "General"),
    Section("dashboard:members", "Members"),
    Section("dashboard:keys", "API keys"),
    Section("dashboard:encoder", "Encoder"),
    Section("dashboard:retention", "Retention"),
    Section("dashboard:webhooks", "Webhooks", Role.OWNER),
    Section("dashboard:export_settings", "Export", Role.CURATOR),
    Section("dashboard:remove_gallery", "Delete", Role.OWNER),
)


def section(
    request: HttpRequest, gallery: Gallery, name: str, *, at: str = "", **context: Any
) -> HttpResponse:
    """The page of a section; a refusal in ``error`` gives it its status."""
    role = role_in(request.user, gallery)
    rank = RANK[role] if role else -1
    error: RecognitionError | None = context.get("error")
    response = page(
        request,
        f"dashboard/settings/{name}.html",
        gallery,
        here=HERE,
        at=at or f"dashboard:{name}",
        sections=[each for each in SECTIONS if RANK[each.least] <= rank],
        **context,
    )
    response.status_code = error.status if error else 200
    return response


def done(
    request: HttpRequest,
    do: Callable[[], object],
    *,
    message: str,
    back: tuple[str, ...],
    refused: Callable[[RecognitionError], HttpResponse],
) -> HttpResponse:
    """Do what a form asks for and say so on the page it leads back to, or why it was refused on
    the page it came from."""
    try:
        do()
    except RecognitionError as error:
        return refused(error)
    messages.success(request, message)
    return redirect(*back)


def require_owner_of(request: HttpRequest, gallery: Gallery) -> None:
    require_owner(user_of(request), gallery)
