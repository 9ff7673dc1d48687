from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recognition.core.errors import InvalidInput
from recognition.core.rates import DEFAULT_FAR
from recognition.core.types import Domain
from recognition.dashboard.access import curator, member, signed_in, user_of
from recognition.dashboard.numbers import false_accept_rate, page_number
from recognition.dashboard.pages import is_partial, page
from recognition.models import Gallery
from recognition.selectors.category_names import twins_of
from recognition.selectors.curation.category_page import (
    HEALTH,
    KINDS,
    SORTS,
    CategoryPage,
    category_page,
)
from recognition.selectors.curation.measures import references_to_measure
from recognition.selectors.galleries import gallery_cards
from recognition.selectors.negatives import negative_page
from recognition.services.curation.domain_advice import decline_domain as decline
from recognition.services.curation.health import health_of
from recognition.services.encoders.domain_encoders import domain_encoder
from recognition.services.galleries.claims import claim_of
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.galleries.domain_choices import domain_choices
from recognition.services.queries.what_if import what_if

HERE = "dashboard:gallery"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def galleries(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        made = create_gallery(
            name=request.POST.get("name", ""),
            description=request.POST.get("description", ""),
            domain=_domain(request.POST.get("domain", "")),
            target_far=false_accept_rate(request.POST.get("target_far", str(DEFAULT_FAR))),
            owner=user_of(request),
        )
        return redirect("dashboard:gallery", made.slug)
    return render(
        request,
        "dashboard/galleries.html",
        # What a first gallery may be is looked up where there is none yet.
        {"galleries": gallery_cards(request.user), "choices": SimpleLazyObject(domain_choices)},
    )


@signed_in
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """What a gallery is for, and the form that makes one."""
    return render(request, "dashboard/new_gallery.html", {"choices": domain_choices()})


def _domain(chosen: str) -> Domain:
    try:
        return Domain(chosen or Domain.GENERAL)
    except ValueError:
        raise InvalidInput(f"There is no domain {chosen!r}.") from None


@member
@require_safe
def gallery(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """Its categories. More of them are asked for as the reader comes to the end; an address that
    names a page shows all up to it, so that who comes back finds the place."""
    part = is_partial(request)
    claim = claim_of(gallery)
    return page(
        request,
        "dashboard/parts/categories.html" if part else "dashboard/gallery.html",
        gallery,
        here=HERE,
        page=_asked_for(request, gallery, whole=not part),
        claim=claim,
        advice=what_if(gallery, claim.advised) if claim.advised and not part else None,
        asked=request.GET.get("q", "").strip(),
        kind=request.GET.get("kind", ""),
        sort=request.GET.get("sort", ""),
        kinds=KINDS.items(),
        health=[(key, label) for key, (label, _) in HEALTH.items()],
        better_encoder=domain_encoder(Domain(gallery.better_domain or Domain.GENERAL)),
        twins=() if part else twins_of(gallery),
        unmeasured=_unmeasured(gallery, request.GET.get("kind", "")),
        # Read for curators alone, who see them.
        negatives=SimpleLazyObject(lambda: negative_page(gallery, 1)),
        sorts=[(key, label) for key, (label, _) in SORTS.items()],
    )


@curator
@require_POST
def decline_domain(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """The gallery stays what it is, and is advised no more."""
    decline(gallery=gallery, user=user_of(request))
    return redirect("dashboard:gallery", gallery.slug)


@member
@require_safe
def health(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """What a page of categories lacks, told after it is there."""
    shown = _asked_for(request, gallery, whole="whole" in request.GET)
    found = health_of(gallery=gallery, categories=shown.categories)
    return page(request, "dashboard/parts/health.html", gallery, found=found)


def _unmeasured(gallery: Gallery, kind: str) -> int:
    """How many references a list by health may be wrong about, until the worker comes to them."""
    return references_to_measure(gallery).count() if kind in HEALTH else 0


def _asked_for(request: HttpRequest, gallery: Gallery, *, whole: bool) -> CategoryPage:
    return category_page(
        gallery,
        asked=request.GET.get("q", "").strip(),
        kind=request.GET.get("kind", ""),
        sort=request.GET.get("sort", ""),
        page=page_number(request.GET.get("page", "")),
        whole=whole,
    )
