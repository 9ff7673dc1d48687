from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from recognition.dashboard.access import member
from recognition.dashboard.counting import count
from recognition.dashboard.pages import announce, is_partial, page
from recognition.dashboard.uploads import image_of
from recognition.models import Gallery
from recognition.services.recognition.search import search

HERE = "dashboard:search"
LIMIT = 48


@member
@require_http_methods(["GET", "HEAD", "POST"])
def search_page(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """References nearest to a text (by GET, so that it can be linked to) or to an image."""
    text = request.GET.get("text", "").strip()
    found = None
    if request.method == "POST":
        found = search(gallery=gallery, data=image_of(request), limit=LIMIT)
    elif text:
        count(request)
        found = search(gallery=gallery, text=text, limit=LIMIT)
    template = "dashboard/parts/results.html" if is_partial(request) else "dashboard/search.html"
    response = page(request, template, gallery, here=HERE, found=found, text=text)
    return announce(response, f"{len(found['results'])} references") if found else response
