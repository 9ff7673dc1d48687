from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from recognition.dashboard.access import member, user_of
from recognition.dashboard.uploads import image_of
from recognition.models import Gallery
from recognition.services.identify import identify


@member
@require_http_methods(["GET", "HEAD", "POST"])
def identify_page(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """The page with its answer; htmx takes the answer alone."""
    context: dict[str, object] = {"gallery": gallery, "here": "identify"}
    if request.method == "POST":
        identification = identify(gallery=gallery, data=image_of(request), user=user_of(request))
        context["answer"] = identification.answer
    partial = request.headers.get("HX-Request") == "true"
    template = "dashboard/parts/answer.html" if partial else "dashboard/identify.html"
    return render(request, template, context)
