from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recognition.dashboard.access import curator, member, user_of
from recognition.dashboard.pages import page
from recognition.errors import InvalidInput
from recognition.models import Gallery, Role
from recognition.selectors.galleries import require_owner
from recognition.services.bundles.export_gallery import export_gallery
from recognition.services.remove import remove_gallery
from recognition.services.set_member import set_member
from recognition.services.update_gallery import update_gallery

HERE = "dashboard:settings"
RATES = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1)


@member
@require_http_methods(["GET", "HEAD", "POST"])
def gallery_settings(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """What is said of a gallery, how strictly it decides, who is in it."""
    require_owner(user_of(request), gallery)
    if request.method == "POST":
        update_gallery(
            gallery=gallery,
            name=request.POST.get("name", ""),
            description=request.POST.get("description", "").strip(),
            target_far=_rate(request.POST.get("target_far", "")),
            review_references="review_references" in request.POST,
        )
        messages.success(request, "Saved.")
        return redirect(HERE, gallery.slug)
    return page(
        request,
        "dashboard/settings.html",
        gallery,
        here=HERE,
        rates=sorted({*RATES, gallery.target_far}),
        roles=Role.choices,
        memberships=gallery.memberships.select_related("user").order_by("user__username"),
    )


@member
@require_POST
def member_role(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """Let somebody in, change what they may do, or let them go."""
    require_owner(user_of(request), gallery)
    role = request.POST.get("role", "")
    if role not in {"", *Role.values}:
        raise InvalidInput(f"There is no role {role!r}.")
    set_member(
        gallery=gallery,
        username=request.POST.get("username", ""),
        role=Role(role) if role else None,
    )
    messages.success(request, "Saved.")
    return redirect(HERE, gallery.slug)


@curator
@require_safe
def export(request: HttpRequest, gallery: Gallery) -> StreamingHttpResponse:
    """The gallery as a bundle that another installation can import."""
    return StreamingHttpResponse(
        export_gallery(gallery=gallery),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{gallery.slug}.oneshot.zip"'},
    )


@member
@require_POST
def remove(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    require_owner(user_of(request), gallery)
    if request.POST.get("slug", "").strip() != gallery.slug:
        raise InvalidInput(f"To remove the gallery for good, type its slug, {gallery.slug}.")
    remove_gallery(gallery=gallery)
    messages.success(request, f"{gallery.name} was removed, with everything in it.")
    return redirect("dashboard:galleries")


def _rate(given: str) -> float:
    try:
        rate = float(given)
    except ValueError:
        rate = 0.0
    if not 1e-6 <= rate <= 0.5:
        raise InvalidInput("A false-accept rate is between 0.000001 and 0.5.")
    return rate
