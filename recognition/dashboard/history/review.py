from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from recognition.core.errors import InvalidInput
from recognition.dashboard.access import curator, user_of
from recognition.dashboard.pages import announce, is_partial, page
from recognition.models import Feedback, Gallery
from recognition.selectors.review import get_queries
from recognition.services.feedback.take_back_feedback import take_back_feedback
from recognition.services.review.judge_group import Judged, judge_group
from recognition.services.review.review_queue import answer_anew, review_queue

HERE = "dashboard:review"
Verdict = Feedback.Verdict


@curator
@require_safe
def queue(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """What waits for a word, in groups of what looks the same."""
    return _queue(request, gallery)


@curator
@require_safe
def suggest(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """What the gallery makes of a group by now, as a part of the page."""
    queries = get_queries(gallery, request.GET.getlist("query"))
    if not queries:
        raise InvalidInput("Choose at least one photo.")
    return page(request, "dashboard/parts/group.html", gallery, group=answer_anew(gallery, queries))


@curator
@require_POST
def judge(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """One word for the chosen photos of a group: ``say`` is a verdict, and what it is about."""
    verdict, _, category = request.POST.get("say", "").partition(":")
    if verdict not in Verdict.values:
        raise InvalidInput("Choose an answer.")
    named = verdict == Verdict.IT_IS and not category
    judged = judge_group(
        gallery=gallery,
        queries=get_queries(gallery, request.POST.getlist("query")),
        verdict=Verdict(verdict),
        category=category or None,
        name=request.POST.get("name", "") if named else None,
        promote="promote" in request.POST,
        user=user_of(request),
    )
    if not is_partial(request):
        return redirect(HERE, gallery.slug)
    response = page(request, "dashboard/parts/judged.html", gallery, judged=judged)
    return announce(response, in_words(judged))


@curator
@require_POST
def take_back(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """What was said comes to be asked again."""
    queries = get_queries(gallery, request.POST.getlist("query"))
    take_back_feedback(
        gallery=gallery,
        queries=queries,
        new_category=request.POST.get("made", ""),
        user=user_of(request),
    )
    if not is_partial(request):
        return redirect(HERE, gallery.slug)
    back = queries[0].public_id if queries else ""
    response = _queue(request, gallery, back=back)
    return announce(response, "Undone.")


def _queue(request: HttpRequest, gallery: Gallery, *, back: str = "") -> HttpResponse:
    """The page; ``back`` is a query whose group is focused."""
    shown = review_queue(gallery)
    return page(request, "dashboard/review.html", gallery, here=HERE, queue=shown, back=back)


def in_words(judged: Judged) -> str:
    """What was noted, in a sentence to be heard."""
    count = len(judged.queries)
    if not count:
        return "Already answered by someone else."
    photos = "1 photo" if count == 1 else f"{count} photos"
    if judged.verdict == Verdict.UNKNOWN:
        return f"{photos}: not in this gallery."
    if judged.verdict == Verdict.NOT_THIS:
        return f"{photos}: not {judged.category}."
    new = ", a new category" if judged.is_new else ""
    enrolled = ", added as reference" if judged.enrolled else ""
    return f"{photos}: {judged.category}{new}{enrolled}."
