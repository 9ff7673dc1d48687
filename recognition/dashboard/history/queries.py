from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from recognition.core.errors import InvalidInput
from recognition.dashboard.access import curator, member, user_of
from recognition.dashboard.pages import announce, is_partial, page
from recognition.models import Feedback, Gallery, Query
from recognition.selectors.queries import answer_today, get_query
from recognition.selectors.review import SHOWN, queries_shown
from recognition.services.feedback.give_feedback import give_feedback
from recognition.services.feedback.name_query import name_query
from recognition.services.feedback.take_back_feedback import take_back_feedback

QUERIES_A_PAGE = 30
HERE = "dashboard:queries"
Verdict = Feedback.Verdict
RIGHT_AND_ADD = "right+"


@member
@require_safe
def history(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """What was asked, newest first; what waits for a word can be answered by keyboard."""
    shown = request.GET.get("show", "")
    if shown not in SHOWN:
        shown = "all"
    pages = Paginator(queries_shown(gallery, shown), QUERIES_A_PAGE)
    return page(
        request,
        "dashboard/queries.html",
        gallery,
        here=HERE,
        shown=shown,
        choices=SHOWN.items(),
        page=pages.get_page(request.GET.get("page")),
    )


@member
@require_safe
def query(request: HttpRequest, gallery: Gallery, query: str) -> HttpResponse:
    asked = get_query(gallery, query)
    return page(
        request,
        "dashboard/query.html",
        gallery,
        here=HERE,
        query=asked,
        answer=answer_today(asked),
    )


@curator
@require_POST
def judge(request: HttpRequest, gallery: Gallery, query: str) -> HttpResponse:
    """Right, not this, unknown, or that it is one of the candidates: that one, and "right+", make
    the photo a reference where it is kept."""
    judged = get_query(gallery, query)
    category = request.POST.get("category") or None
    verdict = request.POST.get("verdict", "") or (category and Verdict.IT_IS) or ""
    promote = "promote" in request.POST or verdict == RIGHT_AND_ADD
    if verdict == Verdict.IT_IS and "verdict" not in request.POST:
        promote = bool(judged.image)
    verdict = verdict.removesuffix("+")
    if verdict not in Verdict.values:
        raise InvalidInput("Choose an answer.")
    give_feedback(
        gallery=gallery,
        query=judged,
        verdict=Verdict(verdict),
        category=category,
        promote=promote,
        user=user_of(request),
    )
    return _judged(request, gallery, judged)


@curator
@require_POST
def name(request: HttpRequest, gallery: Gallery, query: str) -> HttpResponse:
    """It is a category of this name, known or new."""
    named = get_query(gallery, query)
    name_query(
        gallery=gallery,
        query=named,
        name=request.POST.get("name", ""),
        promote="promote" in request.POST,
        user=user_of(request),
    )
    return _judged(request, gallery, named)


@curator
@require_POST
def undo(request: HttpRequest, gallery: Gallery, query: str) -> HttpResponse:
    """Take back what the caller said of an answer, with what was added by it."""
    judged = get_query(gallery, query)
    said = getattr(judged, "feedback", None)
    made = said.category if said and said.category else None
    take_back_feedback(
        gallery=gallery,
        queries=[judged],
        # A category that is older than the photo was not made by naming it.
        new_category=made.slug if made and made.created_at > judged.created_at else "",
        user=user_of(request),
    )
    return _judged(request, gallery, judged, "Undone.")


def _judged(
    request: HttpRequest, gallery: Gallery, query: Query, words: str = "Saved."
) -> HttpResponse:
    if not is_partial(request):
        return redirect("dashboard:query", gallery.slug, query.public_id)
    response = page(
        request,
        "dashboard/parts/feedback.html",
        gallery,
        query=get_query(gallery, query.public_id),
        said_now=True,
    )
    return announce(response, words)
