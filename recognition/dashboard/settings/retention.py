from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from recognition.core.errors import InvalidInput, RecognitionError
from recognition.dashboard.access import member
from recognition.dashboard.settings.sections import done, require_owner_of, section
from recognition.models import Gallery
from recognition.models.gallery import MAX_QUERY_DAYS
from recognition.selectors.queries import kept_queries
from recognition.services.galleries.update_gallery import Retention, update_gallery


@member
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """For how long queries are kept, and whether with their images."""
    if request.method != "POST":
        return _shown(request, gallery)
    require_owner_of(request, gallery)
    return done(
        request,
        lambda: update_gallery(
            gallery=gallery,
            retention=Retention(
                query_days=_days(request.POST.get("query_days", "")),
                query_images="query_images" in request.POST,
            ),
        ),
        message="Saved. What is kept no longer is deleted within ten minutes.",
        back=("dashboard:retention", gallery.slug),
        refused=lambda error: _shown(request, gallery, error),
    )


def _days(given: str) -> int | None:
    given = given.strip()
    if not given:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > len(str(MAX_QUERY_DAYS)):
        raise InvalidInput("Give a number of days, or leave it empty to keep answers forever.")
    return int(given)


def _shown(
    request: HttpRequest, gallery: Gallery, error: RecognitionError | None = None
) -> HttpResponse:
    return section(
        request,
        gallery,
        "retention",
        kept=kept_queries(gallery),
        days=request.POST.get("query_days", gallery.query_days or ""),
        error=error,
    )
