from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recognition.core.errors import InvalidInput, NoRegion
from recognition.dashboard.access import member, user_of
from recognition.dashboard.pages import announce, is_partial, page
from recognition.dashboard.uploads import image_of
from recognition.dashboard.words import in_words
from recognition.models import Gallery
from recognition.selectors.categories import get_category
from recognition.selectors.category_names import pictured_categories
from recognition.selectors.queries import get_query
from recognition.services.recognition.verify import verify

HERE = "dashboard:verify"


@member
@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """Is this the one that it should be?"""
    if request.method != "POST":
        claimed = request.GET.get("category", "")
        category = get_category(gallery, claimed) if claimed else None
        return page(
            request,
            "dashboard/verify.html",
            gallery,
            here=HERE,
            category=category,
            categories=pictured_categories(gallery, "", first=category),
        )
    chosen = request.POST.get("category", "").strip() or request.POST.get("name", "").strip()
    if not chosen:
        raise InvalidInput("Choose who or what it should be.")
    category = get_category(gallery, chosen)
    answer = verify(
        gallery=gallery, category=category.slug, data=image_of(request), user=user_of(request)
    )
    query = get_query(gallery, answer["query"])
    shown = {"query": query, "answer": query.answer, "category": category}
    if is_partial(request):
        response = page(request, "dashboard/parts/answer.html", gallery, **shown)
    else:
        found = pictured_categories(gallery, "", first=category)
        response = page(
            request, "dashboard/verify.html", gallery, here=HERE, categories=found, **shown
        )
    return announce(response, in_words(answer))


@member
@require_safe
def picks(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """The categories that a name may mean, each with its picture."""
    found = pictured_categories(gallery, request.GET.get("name", ""))
    return page(request, "dashboard/parts/picks.html", gallery, categories=found)


@member
@require_POST
def glance(request: HttpRequest, gallery: Gallery, category: str) -> HttpResponse:
    """Whether a camera sees what it should, at this moment."""
    try:
        answer = verify(gallery=gallery, category=category, data=image_of(request), keep=False)
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
