from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from recognition.dashboard.access import member, user_of
from recognition.dashboard.pages import page
from recognition.models import Gallery
from recognition.selectors.categories import categories_of
from recognition.selectors.galleries import gallery_summaries
from recognition.services.create_gallery import create_gallery

CATEGORIES_A_PAGE = 60
HERE = "dashboard:gallery"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def galleries(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        made = create_gallery(
            name=request.POST.get("name", ""),
            description=request.POST.get("description", ""),
            owner=user_of(request),
        )
        return redirect("dashboard:gallery", made.slug)
    return render(
        request, "dashboard/galleries.html", {"galleries": gallery_summaries(request.user)}
    )


@member
@require_safe
def gallery(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    categories = categories_of(gallery)
    if asked:
        categories = categories.filter(name__icontains=asked)
    pages = Paginator(categories, CATEGORIES_A_PAGE)
    return page(
        request,
        "dashboard/gallery.html",
        gallery,
        here=HERE,
        page=pages.get_page(request.GET.get("page")),
        asked=asked,
    )
