from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from recognition.core.errors import InvalidInput
from recognition.dashboard.access import curator, member, owner, user_of
from recognition.dashboard.insights.chart_words import activity_words, det_words, summaries
from recognition.dashboard.pages import announce, is_partial, page
from recognition.evaluation.rates import RATES
from recognition.models import Gallery
from recognition.selectors.curation.measured import measured, newest_det
from recognition.selectors.evaluations import get_evaluation
from recognition.selectors.past_answers import activity
from recognition.services.curation.embedding_map import embedding_map
from recognition.services.evaluations.start_evaluation import start_evaluation
from recognition.services.galleries.claims import claim_of
from recognition.services.galleries.update_gallery import update_gallery
from recognition.services.queries.what_if import what_if
from recognition.templatetags.matching import claimed, one_in

HERE = "dashboard:insights"


@member
@require_safe
def insights(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """How the gallery decides, how well, and what it has been asked."""
    shown, days = measured(gallery), activity(gallery)
    results = shown.newest.results if shown.newest else None
    tried = what_if(gallery, _far(request, gallery))
    claim = claim_of(gallery)
    return page(
        request,
        "dashboard/insights.html",
        gallery,
        here=HERE,
        rates=_rates(gallery),
        what_if=tried,
        claim=claim,
        measured=shown,
        results=results,
        words=summaries(results, tried.far) if results else {},
        days=[asdict(day) for day in days],
        activity_words=activity_words(days),
    )


@member
@require_safe
def decisions(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """What another rate would have decided, as a part of the page."""
    shown = what_if(gallery, _far(request, gallery))
    words = det_words(newest_det(gallery), shown.far)
    response = page(
        request, "dashboard/parts/what_if.html", gallery, what_if=shown, det_words=words
    )
    known = claimed(claim_of(gallery, shown.far))
    return announce(response, f"{one_in(shown.far)}: {shown.changed} answers would change. {known}")


@owner
@require_POST
def decide(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """From now on the gallery decides at this rate."""
    far = _far(request, gallery)
    update_gallery(gallery=gallery, target_far=far)
    claim = claim_of(gallery)
    if claim.aim != claim.target:
        said = "The threshold is now set by the measurement."
    else:
        said = f"Saved: {one_in(far)}."
    messages.success(request, f"{said} {claimed(claim)}")
    return redirect(HERE, gallery.slug)


@curator
@require_POST
def measure(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    evaluation = start_evaluation(gallery=gallery, user=user_of(request))
    if not is_partial(request):
        return redirect(HERE, gallery.slug)
    response = page(request, "dashboard/parts/measuring.html", gallery, evaluation=evaluation)
    return announce(response, "Measuring has begun.")


@member
@require_safe
def measuring(request: HttpRequest, gallery: Gallery, evaluation: str) -> HttpResponse:
    """How far it is; htmx asks again and again, and loads the page anew once it has ended."""
    shown = get_evaluation(gallery, evaluation)
    if shown.job.finished_at:
        if shown.results:
            messages.success(request, "Measured. The charts show it.")
        return HttpResponseClientRefresh()
    return page(request, "dashboard/parts/measuring.html", gallery, evaluation=shown)


@member
@require_safe
def points(request: HttpRequest, gallery: Gallery) -> JsonResponse:
    """The references as points of a plane."""
    drawn = embedding_map(gallery)
    return JsonResponse(
        {
            "points": drawn.points,
            "references": drawn.references,
            "categories": [[category.name, category.slug] for category in drawn.categories],
            "total": drawn.total,
        }
    )


@member
@require_safe
def alike(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """The map in words: which categories are nearest to each other."""
    return page(request, "dashboard/parts/alike.html", gallery, pairs=embedding_map(gallery).pairs)


def _rates(gallery: Gallery) -> list[float]:
    advised = claim_of(gallery).advised
    return sorted({*RATES, gallery.target_far, *([advised] if advised else [])})


def _far(request: HttpRequest, gallery: Gallery) -> float:
    """``far`` itself, or the ``step`` of the slider."""
    given = request.POST if request.method == "POST" else request.GET
    try:
        if "step" in given:
            return _rates(gallery)[max(int(given["step"]), 0)]
        return float(given.get("far", gallery.target_far))
    except (ValueError, IndexError):
        raise InvalidInput("Choose how often a false accept may happen.") from None
