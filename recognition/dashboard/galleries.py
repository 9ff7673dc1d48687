from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from recognition.dashboard.access import member, user_of
from recognition.models import Gallery
from recognition.selectors.categories import categories_of
from recognition.selectors.galleries import gallery_summaries, role_in
from recognition.services.create_gallery import create_gallery

CATEGORIES_A_PAGE = 60


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
    role = role_in(request.user, gallery)
    page = Paginator(categories, CATEGORIES_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "dashboard/gallery.html",
        {
            "gallery": gallery,
            "here": "gallery",
            "page": page,
            "asked": asked,
            "curates": role and role.may_curate,
        },
    )
