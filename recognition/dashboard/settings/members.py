from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from recognition.core.errors import InvalidInput, RecognitionError
from recognition.dashboard.access import member, user_of
from recognition.dashboard.settings.sections import done, require_owner_of, section
from recognition.models import Gallery, Role
from recognition.selectors.galleries import role_in
from recognition.selectors.invitations import open_invitations, resettable_by
from recognition.services.galleries.set_member import set_member
from recognition.sign_in.proof import require_proof

MAY = {
    Role.OWNER: "does all of that and changes settings, members and the gallery itself",
    Role.CURATOR: "also adds, removes and judges",
    Role.VIEWER: "identifies, verifies and searches",
}


@member
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """Who is in a gallery; its owners let people in, change what they may do, and let them go."""
    if request.method != "POST":
        return show_members(request, gallery)
    require_owner_of(request, gallery)
    require_proof(request)
    username = request.POST.get("username", "").strip()
    role = request.POST.get("role", "")
    return done(
        request,
        lambda: set_member(gallery=gallery, username=username, role=_role(role)),
        message=f"{username} is {Role(role).label.lower()} now."
        if role in Role.values
        else f"{username} is no member any more.",
        back=("dashboard:members", gallery.slug),
        refused=lambda error: show_members(request, gallery, error, username),
    )


def _role(given: str) -> Role | None:
    if given not in {"", *Role.values}:
        raise InvalidInput(f"There is no role {given!r}.")
    return Role(given) if given else None


def show_members(
    request: HttpRequest,
    gallery: Gallery,
    error: RecognitionError | None = None,
    username: str = "",
    **context: Any,
) -> HttpResponse:
    """Show the page of members, with a link that is shown once or why something was refused."""
    caller = user_of(request)
    memberships = list(gallery.memberships.select_related("user").order_by("user__username"))
    owns = role_in(caller, gallery) is Role.OWNER or caller.is_superuser
    helped = resettable_by(caller).filter(memberships__gallery=gallery).values_list("pk", flat=True)
    resettable = set(helped) if owns else set()
    return section(
        request,
        gallery,
        "members",
        roles=Role.choices,
        may=[(role.value, role.label, text) for role, text in reversed(MAY.items())],
        memberships=memberships,
        resettable=resettable,
        invitations=open_invitations(gallery) if owns else [],
        invites_by_email=bool(settings.EMAIL_URL),
        **context,
        username=username,
        error=error,
    )
