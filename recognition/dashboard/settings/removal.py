from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from recognition.core.errors import InvalidInput, RecognitionError
from recognition.dashboard.access import owner
from recognition.dashboard.settings.sections import done, section
from recognition.models import Gallery
from recognition.services.removal import remove_gallery
from recognition.sign_in.proof import require_proof


@owner
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """Delete a gallery, by whoever types its name."""
    if request.method != "POST":
        return _shown(request, gallery)
    require_proof(request)
    return done(
        request,
        lambda: _remove(gallery, request.POST.get("name", "")),
        message=f"{gallery.name} was deleted, with everything in it.",
        back=("dashboard:galleries",),
        refused=lambda error: _shown(request, gallery, error),
    )


def _remove(gallery: Gallery, typed: str) -> None:
    if typed.strip() != gallery.name:
        raise InvalidInput(f"To delete the gallery for good, type its name, {gallery.name}.")
    remove_gallery(gallery=gallery)


def _shown(
    request: HttpRequest, gallery: Gallery, error: RecognitionError | None = None
) -> HttpResponse:
    counts = {
        "categories": gallery.categories.count(),
        "references": gallery.references.count(),
        "queries": gallery.queries.count(),
    }
    return section(
        request, gallery, "remove", at="dashboard:remove_gallery", error=error, counts=counts
    )
