from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recognition.core.errors import NoRegion
from recognition.dashboard.access import member
from recognition.dashboard.pages import announce, is_partial, page
from recognition.dashboard.uploads import image_of
from recognition.dashboard.words import in_words
from recognition.models import Gallery
from recognition.selectors.categories import get_category
from recognition.services.recognition.verify import verify

HERE = "dashboard:verify"


@member
@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """Is this what it is claimed to be?"""
    if request.method != "POST":
        claimed = request.GET.get("category", "")
        category = get_category(gallery, claimed) if claimed else None
        return page(request, "dashboard/verify.html", gallery, here=HERE, category=category)
    category = get_category(gallery, request.POST.get("category", "").strip())
    answer = verify(gallery=gallery, category=category.slug, data=image_of(request))
    template = "dashboard/parts/verified.html" if is_partial(request) else "dashboard/verify.html"
    response = page(request, template, gallery, here=HERE, answer=answer, category=category)
    return announce(response, in_words(answer))


@member
@require_POST
def glance(request: HttpRequest, gallery: Gallery, category: str) -> HttpResponse:
    """Whether a camera sees what is claimed, at this moment."""
    try:
        answer = verify(gallery=gallery, category=category, data=image_of(request))
    except NoRegion:
        return page(request, "dashboard/parts/glance_nothing.html", gallery)
    response = page(request, "dashboard/parts/glance_verified.html", gallery, answer=answer)
    return announce(response, in_words(answer))


@member
@require_safe
def kiosk(request: HttpRequest, gallery: Gallery, category: str) -> HttpResponse:
    """The same at a door: large, and again and again."""
    claimed = get_category(gallery, category)
    return page(request, "dashboard/kiosk.html", gallery, category=claimed)
