from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from recognition.dashboard.access import member
from recognition.dashboard.pages import announce, is_partial, page
from recognition.dashboard.uploads import image_of
from recognition.errors import CategoryNotFound
from recognition.models import Gallery
from recognition.selectors.category_names import find_category
from recognition.services.verify import verify

HERE = "dashboard:verify"


@member
@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """Is this what it is claimed to be?"""
    if request.method != "POST":
        claimed = request.GET.get("category", "")
        return page(request, "dashboard/verify.html", gallery, here=HERE, claimed=claimed)
    claimed = request.POST.get("category", "")
    category = find_category(gallery, claimed)
    if category is None:
        raise CategoryNotFound(f"This gallery has no category {claimed!r}.")
    answer = verify(gallery=gallery, category=category.slug, data=image_of(request))
    template = "dashboard/parts/verified.html" if is_partial(request) else "dashboard/verify.html"
    response = page(
        request, template, gallery, here=HERE, answer=answer, category=category, claimed=claimed
    )
    return announce(response, "Accepted." if answer["accepted"] else "Rejected.")
