from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from recognition.dashboard.access import member, user_of
from recognition.dashboard.pages import page
from recognition.models import Gallery
from recognition.selectors.audit import audit_of
from recognition.selectors.galleries import require_owner

ENTRIES_A_PAGE = 50
HERE = "dashboard:audit"


@member
@require_safe
def audit(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """Who did what, newest first; for owners."""
    require_owner(user_of(request), gallery)
    pages = Paginator(audit_of(gallery), ENTRIES_A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    return page(request, "dashboard/audit.html", gallery, here=HERE, page=shown)
