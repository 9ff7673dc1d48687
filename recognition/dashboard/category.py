"""The page of one category, and what it tells as one goes along."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from recognition.dashboard.access import curator, member
from recognition.dashboard.counting import count
from recognition.dashboard.pages import page
from recognition.models import Gallery
from recognition.selectors.categories import get_category
from recognition.selectors.queries import queries_about
from recognition.services.curation.category_health import category_health
from recognition.services.recognition.search import search

HERE = "dashboard:gallery"
REFERENCES_A_PAGE = 60
QUERIES_SHOWN = 8
MATCHES_SHOWN = 6


@member
@require_safe
def category(request: HttpRequest, gallery: Gallery, category: str) -> HttpResponse:
    shown = get_category(gallery, category)
    references = Paginator(shown.references.order_by("id"), REFERENCES_A_PAGE)
    return page(
        request,
        "dashboard/category.html",
        gallery,
        here=HERE,
        category=shown,
        references=references.get_page(request.GET.get("page")),
        history=queries_about(shown, QUERIES_SHOWN),
    )


@member
@require_safe
def health(request: HttpRequest, gallery: Gallery, category: str) -> HttpResponse:
    """What it lacks, told after the page is there."""
    notes = category_health(gallery=gallery, category=get_category(gallery, category))
    return page(request, "dashboard/parts/category_health.html", gallery, notes=notes)


@curator
@require_safe
def preview(request: HttpRequest, gallery: Gallery, category: str) -> HttpResponse:
    """What the words that are being typed would match, before they are enrolled."""
    text, found = request.GET.get("text", "").strip(), None
    if text:
        count(request)
        found = search(gallery=gallery, text=text, limit=MATCHES_SHOWN)
    return page(
        request,
        "dashboard/parts/matches.html",
        gallery,
        found=found,
        category=get_category(gallery, category),
    )
