from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recognition.core.errors import NoRegion
from recognition.dashboard.access import member, user_of
from recognition.dashboard.counting import count
from recognition.dashboard.pages import announce, is_partial, page
from recognition.dashboard.uploads import image_of, images_of
from recognition.dashboard.words import in_words
from recognition.models import Gallery, Query
from recognition.services.recognition.identify import identify, identify_each

HERE = "dashboard:identify"


@member
@require_http_methods(["GET", "HEAD", "POST"])
def identify_page(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """The page with its answers; htmx takes the answers alone."""
    if request.method != "POST":
        empty = not gallery.categories.exists()
        return page(request, "dashboard/identify.html", gallery, here=HERE, empty=empty)
    queries = _answered(request, gallery)
    if not is_partial(request):
        return page(request, "dashboard/identify.html", gallery, here=HERE, queries=queries)
    response = page(request, "dashboard/parts/answers.html", gallery, queries=queries)
    return announce(response, " ".join(in_words(query.answer) for query in queries))


def _answered(request: HttpRequest, gallery: Gallery) -> list[Query]:
    """A query a photo, or one for all of them where they show the same thing."""
    images, user = images_of(request), user_of(request)
    if "together" in request.POST:
        first, *burst = images
        return [identify(gallery=gallery, data=first, burst=burst, user=user).query]
    # Each is a question of its own; the request itself has been counted.
    count(request, len(images) - 1)
    return [each.query for each in identify_each(gallery=gallery, images=images, user=user)]


@member
@require_POST
def glance(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """The answer to what a camera sees at this moment, of which nothing is kept."""
    try:
        answer = identify(gallery=gallery, data=image_of(request), keep=False).answer
    except NoRegion:
        return page(request, "dashboard/parts/glance_nothing.html", gallery)
    response = page(request, "dashboard/parts/glance.html", gallery, answer=answer)
    return announce(response, in_words(answer))


@member
@require_safe
def kiosk(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """A door: a camera that says again and again what it sees, and nothing else."""
    return page(request, "dashboard/kiosk.html", gallery)
