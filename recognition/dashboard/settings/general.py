from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from recognition.core.errors import RecognitionError
from recognition.dashboard.access import member
from recognition.dashboard.numbers import false_accept_rate
from recognition.dashboard.settings.sections import done, require_owner_of, section
from recognition.models import Gallery
from recognition.services.galleries.claims import claim_of
from recognition.services.galleries.update_gallery import update_gallery
from recognition.services.quotas import quotas_of

HERE = "dashboard:settings"
RATES = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1)


@member
@require_http_methods(["GET", "HEAD", "POST"])
def general(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """What is said of a gallery, and how strictly it decides."""
    if request.method != "POST":
        return _shown(request, gallery)
    require_owner_of(request, gallery)
    return done(
        request,
        lambda: update_gallery(
            gallery=gallery,
            name=request.POST.get("name", ""),
            description=request.POST.get("description", "").strip(),
            target_far=false_accept_rate(request.POST.get("target_far", "")),
            review_references="review_references" in request.POST,
        ),
        message="Saved.",
        back=(HERE, gallery.slug),
        refused=lambda error: _shown(request, gallery, error),
    )


def _shown(
    request: HttpRequest, gallery: Gallery, error: RecognitionError | None = None
) -> HttpResponse:
    claims = [claim_of(gallery, rate) for rate in sorted({*RATES, gallery.target_far})]
    return section(
        request,
        gallery,
        "general",
        at=HERE,
        claims=claims,
        claim=claim_of(gallery),
        quotas=quotas_of(gallery),
        error=error,
    )
