"""Photos of things that are not in a gallery, on its page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recognition.core.errors import InvalidInput
from recognition.dashboard.access import curator, user_of
from recognition.dashboard.media import file_response
from recognition.dashboard.numbers import page_number
from recognition.dashboard.pages import announce, is_partial, page
from recognition.models import Gallery
from recognition.selectors.negatives import NegativePage, get_negative, negative_page, negatives_of
from recognition.services.negatives.add import Added, add_negatives
from recognition.services.negatives.effect import effect_of
from recognition.services.negatives.remove import remove_all_negatives, remove_negative

HERE = "dashboard:gallery"
SECTION = "dashboard/parts/negatives.html"


@curator
@require_http_methods(["GET", "HEAD", "POST"])
def negatives(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """More of them, or photos that are given."""
    if request.method != "POST":
        shown = negative_page(gallery, page_number(request.GET.get("page", "")))
        return page(request, "dashboard/parts/negative_tiles.html", gallery, negatives=shown)
    files = request.FILES.getlist("image")
    if not files:
        raise InvalidInput("Choose photos first.")
    added = add_negatives(
        gallery=gallery, files=files, user=user_of(request), force="force" in request.POST
    )
    words = _words(added)
    if not is_partial(request):
        return _back(request, gallery, words)
    return announce(_section(request, gallery, added=added, words=words), words)


@curator
@require_safe
def effect(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """What they do, told after the page is there."""
    return page(
        request,
        "dashboard/parts/negatives_effect.html",
        gallery,
        effect=effect_of(gallery=gallery),
        total=negatives_of(gallery).count(),
    )


@curator
@require_POST
def remove(request: HttpRequest, gallery: Gallery, negative: str) -> HttpResponse:
    remove_negative(gallery=gallery, negative=get_negative(gallery, negative))
    return _after(request, gallery, "The photo was removed.")


@curator
@require_POST
def clear(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    count = remove_all_negatives(gallery=gallery)
    return _after(request, gallery, f"{count} photos were removed.")


@curator
@require_safe
def thumbnail(request: HttpRequest, gallery: Gallery, negative: str) -> FileResponse:
    return file_response(get_negative(gallery, negative).thumbnail)


def _after(request: HttpRequest, gallery: Gallery, words: str) -> HttpResponse:
    if not is_partial(request):
        return _back(request, gallery, words)
    return announce(_section(request, gallery), words)


def _section(request: HttpRequest, gallery: Gallery, **context: Any) -> HttpResponse:
    shown: NegativePage = negative_page(gallery, 1)
    return page(request, SECTION, gallery, negatives=shown, opened=True, **context)


def _back(request: HttpRequest, gallery: Gallery, words: str) -> HttpResponse:
    messages.info(request, words)
    return redirect(HERE, gallery.slug)


def _words(added: Added) -> str:
    told = [f"{len(added.kept)} photo{'s' * (len(added.kept) != 1)} kept."]
    if added.doubtful:
        told.append(f"{len(added.doubtful)} may show something enrolled.")
    if added.refused:
        told.append(f"{len(added.refused)} could not be used.")
    return " ".join(told)
